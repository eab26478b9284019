SELECT
    v.indicator_value_id, v.document_id, v.source_file, v.char_start, v.char_end,
    v.indicator_id, coalesce(i.name_zh, v.indicator_text) AS indicator_name,
    i.name_en AS indicator_name_en, v.indicator_text, v.qualifier, i.direction, i.unit AS indicator_unit,
    v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit,
    v.canonical_value, v.canonical_value_high, v.canonical_unit,
    v.period, v.year, v.reference_period,
    v.jurisdiction_code, coalesce(j.name_zh, v.jurisdiction_name) AS jurisdiction_name,
    j.level AS jurisdiction_level, parent.name_zh AS parent_name,
    d.title AS document_title, d.document_type, d.issuer, coalesce(d.issued_on, d.published_on) AS document_date,
    s.section_path, v.flags, v.quote, v.sentence
FROM fact_indicator_value AS v
JOIN dim_document AS d USING (document_id)
JOIN dim_section AS s USING (section_id)
LEFT JOIN dim_indicator AS i USING (indicator_id)
LEFT JOIN dim_jurisdiction AS j ON j.jurisdiction_code = v.jurisdiction_code
LEFT JOIN dim_jurisdiction AS parent ON parent.jurisdiction_code = j.parent_code
WHERE v.value_type IN ('actual', 'baseline')
