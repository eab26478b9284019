WITH binding (comparator, side, strictness) AS (
    VALUES
        ('ge', 'at least', 1), ('gt', 'at least', 2), ('increase', 'at least', 1),
        ('le', 'at most', 1), ('lt', 'at most', 2), ('decrease', 'at most', 1),
        ('eq', NULL, 1), ('approx', NULL, 0)
),

-- The side that 达到 means where no comparator says it.
better (direction, side) AS (
    VALUES ('higher_is_better', 'at least'), ('lower_is_better', 'at most')
),

-- A fall is a negative step, so that more of it is stricter as a lower level is.
pair AS (
    SELECT
        t.*,
        n.year AS national_year, n.change AS national_change, n.comparator AS national_comparator,
        n.value AS national_value, n.unit AS national_unit, n.reference_year AS national_reference_year,
        n.as_written AS national_as_written, n.source_document AS national_document, n.verification,
        coalesce(t_binds.side, better.side) AS side,
        coalesce(n_binds.side, better.side) AS national_side,
        t_binds.strictness AS strictness, n_binds.strictness AS national_strictness,
        round(
            CASE WHEN t.comparator = 'decrease' THEN -t.canonical_value ELSE t.canonical_value END
            - CASE WHEN n.comparator = 'decrease' THEN -n.value ELSE n.value END,
            6
        ) AS apart
    FROM targets AS t
    JOIN national_target AS n ON n.indicator_id = t.indicator_id
    LEFT JOIN binding AS t_binds ON t_binds.comparator = t.comparator
    LEFT JOIN binding AS n_binds ON n_binds.comparator = n.comparator
    LEFT JOIN better ON better.direction = t.direction
    WHERE t.jurisdiction_code IS NOT NULL
),

reasoned AS (
    SELECT
        *,
        CASE
            WHEN qualifier IS NOT NULL THEN 'qualified'
            WHEN national_value IS NULL OR national_comparator IS NULL THEN 'no national number on record'
            WHEN year IS NULL THEN 'no year'
            WHEN year <> national_year THEN 'other year'
            WHEN contains(period, '/') THEN 'several years'
            WHEN change IS NULL AND national_change IS NOT NULL THEN 'a level against a change'
            WHEN change IS NOT NULL AND national_change IS NULL THEN 'a change against a level'
            WHEN change <> national_change THEN 'another kind of change'
            WHEN change IS NOT NULL AND (reference_period = national_reference_year::VARCHAR) IS NOT TRUE
                THEN 'another base year, or an unknown one'
            WHEN (canonical_unit = national_unit) IS NOT TRUE THEN 'another unit, or an unknown one'
        END AS other_measure,
        CASE
            WHEN 'between' IN (comparator, national_comparator) OR value_high IS NOT NULL THEN 'range'
            WHEN side IS NULL OR national_side IS NULL THEN 'neutral indicator'
            WHEN side <> national_side THEN 'a bound from above against one from below'
        END AS other_bound,
        coalesce(other_measure, other_bound) AS reason
    FROM pair
)

SELECT
    indicator_value_id, document_id, source_file, document_title, document_date,
    indicator_id, indicator_name, indicator_name_en, qualifier, direction,
    jurisdiction_code, jurisdiction_name, jurisdiction_level, parent_name,
    change, comparator, value, value_high, unit, period, year, reference_period,
    canonical_value, canonical_value_high, canonical_unit,
    national_year, national_change, national_comparator, national_value, national_unit,
    national_reference_year, national_as_written, national_document, verification,
    CASE WHEN reason IS NULL THEN apart END AS difference,
    CASE
        WHEN reason IS NOT NULL THEN 'not_comparable'
        WHEN apart <> 0 THEN CASE WHEN (apart > 0) = (side = 'at least') THEN 'stricter' ELSE 'looser' END
        WHEN strictness > national_strictness THEN 'stricter'
        WHEN strictness < national_strictness THEN 'looser'
        ELSE 'equal'
    END AS relation,
    reason
FROM reasoned
