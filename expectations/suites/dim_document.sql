-- What was read from each document, and its days in order.
SELECT
    d.row_number,
    year(d.issued_on) AS issued_year,
    d.published_on >= d.issued_on AS published_after_issue,
    coalesce(m.mentions, 0) AS mentions,
    coalesce(v.values_read, 0) AS values_read
FROM dim_document AS d
LEFT JOIN (
    SELECT document_id, count(*) AS mentions FROM number_mention GROUP BY document_id
) AS m USING (document_id)
LEFT JOIN (
    SELECT document_id, count(*) AS values_read FROM fact_indicator_value GROUP BY document_id
) AS v USING (document_id)
