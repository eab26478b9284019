-- Not stored, for pairs grow with the square of what is told of one thing. Both sides are read from the facts where
-- they stand, so that a condition on a place or indicator reaches them: what WITH names is worked out whole in a
-- stored view, as the file's format keeps no NOT MATERIALIZED.
SELECT
    a.indicator_id, i.name_zh AS indicator_name, a.qualifier, a.jurisdiction_code, a.jurisdiction_name,
    a.period, a.value_type, a.change, a.reference_period, a.canonical_unit,
    a.indicator_value_id AS first_value_id, a.comparator AS first_comparator,
    a.canonical_value AS first_value, a.canonical_value_high AS first_value_high,
    a.quote AS first_quote, a.sentence AS first_sentence,
    a.document_id AS first_document_id, da.title AS first_document_title,
    b.indicator_value_id AS second_value_id, b.comparator AS second_comparator,
    b.canonical_value AS second_value, b.canonical_value_high AS second_value_high,
    b.quote AS second_quote, b.sentence AS second_sentence,
    b.document_id AS second_document_id, db.title AS second_document_title,
    -- 12 less 11.7 is 0.3, not 0.3000000000000007.
    round(CASE WHEN a.low <> b.low THEN b.low - a.low ELSE b.high - a.high END, 9) AS difference,
    difference / nullif(abs(CASE WHEN a.low <> b.low THEN a.low ELSE a.high END), 0) AS relative_difference
FROM (
    SELECT
        *,
        CASE comparator WHEN 'decrease' THEN -1 ELSE 1 END AS sign,
        sign * canonical_value AS low,
        sign * coalesce(canonical_value_high, canonical_value) AS high
    FROM fact_indicator_value
    WHERE indicator_id IS NOT NULL AND jurisdiction_code IS NOT NULL AND period IS NOT NULL
      AND canonical_value IS NOT NULL AND canonical_unit IS NOT NULL
) AS a
JOIN (
    SELECT
        *,
        CASE comparator WHEN 'decrease' THEN -1 ELSE 1 END AS sign,
        sign * canonical_value AS low,
        sign * coalesce(canonical_value_high, canonical_value) AS high
    FROM fact_indicator_value
) AS b
  ON a.indicator_id = b.indicator_id
 AND a.qualifier IS NOT DISTINCT FROM b.qualifier
 AND a.jurisdiction_code = b.jurisdiction_code
 AND a.period = b.period
 AND a.value_type = b.value_type
 AND a.change IS NOT DISTINCT FROM b.change
 AND a.reference_period IS NOT DISTINCT FROM b.reference_period
 AND a.canonical_unit = b.canonical_unit
 AND a.indicator_value_id < b.indicator_value_id
 AND (a.low <> b.low OR a.high <> b.high)
JOIN dim_indicator AS i ON i.indicator_id = a.indicator_id
JOIN dim_document AS da ON da.document_id = a.document_id
JOIN dim_document AS db ON db.document_id = b.document_id
-- What was reached may be said once by a bound and once exactly: 超过90% and 92.3% agree.
WHERE a.value_type = 'target'
   OR NOT (
        (a.comparator IN ('ge', 'gt') AND b.low >= a.low) OR (a.comparator IN ('le', 'lt') AND b.high <= a.high)
     OR (b.comparator IN ('ge', 'gt') AND a.low >= b.low) OR (b.comparator IN ('le', 'lt') AND a.high <= b.high)
   )
