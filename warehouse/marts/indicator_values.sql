WITH elsewhere AS (
    SELECT v.indicator_value_id, s.source_file
    FROM document_source AS s
    JOIN fact_indicator_value AS v ON v.document_id = s.document_id
    WHERE s.read_as = 'same_bytes'
    UNION
    SELECT v.counted_value_id, s.source_file
    FROM duplicate_value AS v
    JOIN document_source AS s USING (document_id)
),
also AS (
    SELECT indicator_value_id, list(source_file ORDER BY source_file) AS also_in FROM elsewhere GROUP BY ALL
)
SELECT
    v.indicator_value_id, v.document_id, v.source_file, v.char_start, v.char_end,
    v.indicator_id, i.name_zh AS indicator_name, v.indicator_text,
    v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit,
    v.period, v.reference_period, v.jurisdiction_code, v.jurisdiction_name, v.flags,
    v.quote, v.sentence, s.section_path,
    d.title AS document_title, d.document_type, d.issuer, v.rule_id,
    coalesce(a.also_in, []) AS also_in
FROM fact_indicator_value AS v
JOIN dim_document AS d USING (document_id)
JOIN dim_section AS s USING (section_id)
LEFT JOIN dim_indicator AS i USING (indicator_id)
LEFT JOIN also AS a USING (indicator_value_id)
