WITH named AS (
    SELECT jurisdiction_name, source_file, document_id, -1 AS char_start, NULL AS indicator_value_id, NULL AS sentence
    FROM dim_document
    WHERE jurisdiction_code IS NULL
    UNION ALL
    SELECT jurisdiction_name, source_file, document_id, char_start, indicator_value_id, sentence
    FROM fact_indicator_value
    WHERE jurisdiction_code IS NULL
)
SELECT
    jurisdiction_name,
    count(*) - count(indicator_value_id) AS documents,
    count(indicator_value_id) AS values_found,
    arg_min(document_id, (source_file, char_start, indicator_value_id)) AS example_document_id,
    arg_min(source_file, (source_file, char_start, indicator_value_id)) AS source_file,
    arg_min(sentence, (source_file, char_start, indicator_value_id)) AS example_sentence
FROM named
GROUP BY jurisdiction_name
