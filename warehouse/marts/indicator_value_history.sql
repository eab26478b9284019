SELECT v.*, r.valid_from, NULL::DATE AS valid_to
FROM indicator_values AS v
LEFT JOIN document_version AS r
    ON r.document_id = v.document_id AND r.source_file = v.source_file AND r.valid_to IS NULL
UNION ALL BY NAME
SELECT * EXCLUDE (version) FROM past_value
