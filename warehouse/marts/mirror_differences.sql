WITH pairs AS (
    SELECT DISTINCT counts_as AS document_id, document_id AS mirror_document_id, likeness
    FROM document_source
    WHERE counts_as <> document_id
),
sides AS (
    SELECT p.*, 'near_duplicate' AS stands_in, v.indicator_value_id
    FROM pairs AS p
    JOIN fact_indicator_value AS v ON v.document_id = p.mirror_document_id
    UNION ALL
    SELECT p.*, 'original', v.indicator_value_id
    FROM pairs AS p
    JOIN fact_indicator_value AS v USING (document_id)
    WHERE NOT EXISTS (
        FROM duplicate_value AS d
        WHERE d.counted_value_id = v.indicator_value_id AND d.document_id = p.mirror_document_id
    )
)
SELECT
    s.document_id, s.mirror_document_id, s.likeness, s.stands_in, v.indicator_value_id, v.source_file,
    v.char_start, v.indicator_text, v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit,
    v.period, v.jurisdiction_name, v.quote, v.sentence
FROM sides AS s
JOIN fact_indicator_value AS v USING (indicator_value_id)
