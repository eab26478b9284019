-- For each number, the end of the number before it and how many values, accepted or not, were read from it.
SELECT
    m.row_number,
    d.char_count AS document_length,
    length(m.mention) = m.char_end - m.char_start AS mention_fills_span,
    lag(m.char_end) OVER (PARTITION BY m.document_id ORDER BY m.char_start) AS previous_end,
    if(m.disposition = 'fact', coalesce(v.values_read, 0), NULL) AS values_of_fact,
    if(m.disposition = 'other', coalesce(m.detail, ''), NULL) AS other_detail,
    m.disposition <> 'other' AS disposition_is_named
FROM number_mention AS m
LEFT JOIN dim_document AS d USING (document_id)
LEFT JOIN (
    SELECT mention_id, count(*) AS values_read FROM fact_indicator_value GROUP BY mention_id
) AS v USING (mention_id)
