SELECT
    v.indicator_value_id, v.document_id, v.source_file, v.char_start, v.char_end,
    v.indicator_id, i.name_zh AS indicator_name, v.indicator_text,
    v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit,
    v.period, v.reference_period, v.jurisdiction_code, v.jurisdiction_name, v.flags,
    v.quote, v.sentence, s.section_path,
    d.title AS document_title, d.document_type, d.issuer, v.rule_id
FROM fact_indicator_value AS v
JOIN dim_document AS d USING (document_id)
JOIN dim_section AS s USING (section_id)
LEFT JOIN dim_indicator AS i USING (indicator_id)
