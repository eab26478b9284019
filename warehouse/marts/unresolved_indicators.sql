SELECT
    indicator_text, unit,
    count(*) AS values_found,
    count(DISTINCT document_id) AS documents,
    count(DISTINCT coalesce(jurisdiction_code, jurisdiction_name)) AS places,
    arg_min(indicator_value_id, (source_file, char_start, indicator_value_id)) AS example_value_id,
    arg_min(document_id, (source_file, char_start, indicator_value_id)) AS example_document_id,
    arg_min(sentence, (source_file, char_start, indicator_value_id)) AS example_sentence
FROM fact_indicator_value
WHERE indicator_id IS NULL
GROUP BY indicator_text, unit
