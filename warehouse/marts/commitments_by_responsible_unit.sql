SELECT
    b.responsible_unit, b.responsibility, coalesce(i.name_zh, v.indicator_text) AS indicator,
    v.value_type, v.change, v.comparator, v.value, v.value_high, v.unit, v.period, v.year,
    v.jurisdiction_code, v.jurisdiction_name, v.indicator_value_id, v.document_id,
    d.title AS document_title, v.sentence
FROM bridge_value_responsible_unit AS b
JOIN fact_indicator_value AS v USING (indicator_value_id)
JOIN dim_document AS d ON d.document_id = v.document_id
LEFT JOIN dim_indicator AS i USING (indicator_id)
