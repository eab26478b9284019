WITH numbers AS (
    SELECT
        d.document_id, count(disposition) AS numbers,
        count(*) FILTER (disposition = 'fact') AS numbers_fact,
        count(*) FILTER (disposition = 'date') AS numbers_date,
        count(*) FILTER (disposition = 'document_id') AS numbers_document_id,
        count(*) FILTER (disposition = 'ordinal') AS numbers_ordinal,
        count(*) FILTER (disposition = 'name') AS numbers_name,
        count(*) FILTER (disposition = 'population') AS numbers_population,
        count(*) FILTER (disposition = 'reference') AS numbers_reference,
        count(*) FILTER (disposition = 'rate_base') AS numbers_rate_base,
        count(*) FILTER (disposition = 'other') AS numbers_other
    FROM dim_document AS d
    LEFT JOIN number_mention USING (document_id)
    GROUP BY d.document_id
),
marked AS (
    SELECT
        *,
        unit IN (SELECT surface_unit FROM dim_unit WHERE dimension = 'proportion') AS is_rate,
        indicator_value_id IN (SELECT indicator_value_id FROM bridge_value_responsible_unit) AS is_assigned
    FROM fact_indicator_value
),
facts AS (
    SELECT
        d.document_id, count(indicator_value_id) AS values_published, count(indicator_id) AS values_resolved,
        count(*) FILTER (is_rate) AS rate_values,
        count(indicator_id) FILTER (is_rate) AS rates_resolved,
        values_published - count(period) AS values_without_period,
        values_published - count(v.jurisdiction_code) AS values_without_place,
        values_published - count(unit) AS values_without_unit,
        count(*) FILTER (is_assigned) AS values_assigned
    FROM dim_document AS d
    LEFT JOIN marked AS v USING (document_id)
    GROUP BY d.document_id
)
SELECT
    d.document_id, d.source_file, d.title, d.document_type, d.jurisdiction_code, d.jurisdiction_name,
    d.period_start, d.period_end, d.char_count, d.topic,
    n.* EXCLUDE (document_id),
    numbers_other / nullif(numbers, 0) AS share_unread,
    values_published, values_resolved, values_resolved / nullif(values_published, 0) AS share_resolved,
    rate_values, rates_resolved / nullif(rate_values, 0) AS share_rates_resolved,
    values_without_period, values_without_place, values_without_unit, values_assigned,
    (SELECT count(*) FROM rejected_value AS r WHERE r.document_id = d.document_id) AS values_quarantined,
    (SELECT count(*) FROM duplicate_value AS v WHERE v.document_id = d.document_id) AS values_set_aside,
    (
        SELECT any_value(s.counts_as) FROM document_source AS s
        WHERE s.document_id = d.document_id AND s.counts_as <> d.document_id
    ) AS mirror_of,
    (SELECT count(*) FROM repair AS r WHERE r.document_id = d.document_id) AS repairs
FROM dim_document AS d
JOIN numbers AS n USING (document_id)
JOIN facts AS f USING (document_id)
