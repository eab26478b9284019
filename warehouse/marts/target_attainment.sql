-- Each step adds columns to the rows of the one before and keeps one row a target: what is joined holds one
-- level of each series and year, the best told, so that the work grows with the values and not with their pairs.
WITH wanted AS (
    SELECT
        *,
        CASE
            WHEN comparator = 'between' THEN 'inside'
            WHEN comparator IN ('ge', 'gt', 'increase') THEN 'at least'
            WHEN comparator IN ('le', 'lt', 'decrease') THEN 'at most'
            WHEN direction = 'higher_is_better' THEN 'at least'
            WHEN direction = 'lower_is_better' THEN 'at most'
            ELSE 'exactly'
        END AS side,
        CASE WHEN comparator = 'decrease' THEN -canonical_value ELSE canonical_value END AS step,
        CASE WHEN contains(period, '/') THEN 1 + year - left(period, 4)::BIGINT ELSE 0 END AS years_covered,
        coalesce(qualifier, '') AS narrowed,
        CASE WHEN change IS NULL THEN 'baseline' ELSE reference_period END AS base
    FROM targets
    WHERE indicator_id IS NOT NULL AND year IS NOT NULL AND jurisdiction_code IS NOT NULL
),

-- What values compare within, numbered: numbers are joined and grouped faster than four texts.
series AS (
    SELECT row_number() OVER () AS series, *
    FROM (SELECT DISTINCT indicator_id, jurisdiction_code, narrowed, years_covered FROM wanted)
),

target AS (
    SELECT * FROM wanted JOIN series USING (indicator_id, jurisdiction_code, narrowed, years_covered)
),

-- What is told of how things stood or stand, in the unit of the indicator.
told AS (
    SELECT
        *, coalesce(qualifier, '') AS narrowed,
        CASE WHEN contains(period, '/') THEN 1 + year - left(period, 4)::BIGINT ELSE 0 END AS years_covered,
        comparator IN ('eq', 'approx') AS is_a_number
    FROM fact_indicator_value
    WHERE value_type IN ('actual', 'baseline') AND change IS NULL
),

level AS (
    SELECT
        s.series, v.year, v.document_id, v.value_type, v.period, v.comparator, v.is_a_number,
        -- The least of these is the best told.
        (
            NOT v.is_a_number, v.comparator <> 'eq',
            -coalesce(epoch(coalesce(d.issued_on, d.published_on)), '-infinity'::DOUBLE), v.indicator_value_id
        ) AS doubt,
        {'value': v.canonical_value, 'year': v.year, 'id': v.indicator_value_id, 'comparator': v.comparator}
            AS level
    FROM told AS v
    JOIN dim_indicator AS i ON i.indicator_id = v.indicator_id AND i.unit = v.canonical_unit
    JOIN series AS s
        ON s.indicator_id = v.indicator_id AND s.jurisdiction_code = v.jurisdiction_code
        AND s.narrowed = v.narrowed AND s.years_covered = v.years_covered
    JOIN dim_document AS d USING (document_id)
    WHERE v.year IS NOT NULL
),

-- A change starts from the level of its base period only: one without base (降低10%) may mean any year.
based AS (
    SELECT *, unnest(CASE value_type WHEN 'baseline' THEN ['baseline', period] ELSE [period] END) AS base
    FROM level
    WHERE is_a_number
),

own_baseline AS (
    SELECT series, base, document_id, year, arg_min(level, doubt) AS level FROM based GROUP BY ALL
),

any_baseline AS (
    SELECT series, base, year, arg_min(level, doubt) AS level FROM based GROUP BY ALL
),

with_baseline AS (
    SELECT
        t.*, coalesce(own.level, other.level) AS baseline, (baseline).value AS baseline_value,
        (baseline).year AS baseline_year, (baseline).id AS baseline_value_id
    FROM target AS t
    ASOF LEFT JOIN own_baseline AS own
        ON own.series = t.series AND own.base = t.base AND own.document_id = t.document_id
        AND t.year > own.year
    ASOF LEFT JOIN any_baseline AS other
        ON other.series = t.series AND other.base = t.base AND t.year > other.year
),

with_target_value AS (
    SELECT
        *,
        -- Rounded, for 60 raised by 10 % is not 66.00000000000001.
        round(CASE
            WHEN change IS NULL AND canonical_unit = indicator_unit THEN canonical_value
            WHEN change = 'relative' AND canonical_unit = '%' THEN baseline_value * (1 + step / 100)
            WHEN change = 'relative' AND canonical_unit = 'times_ratio' AND step > 0
                THEN baseline_value * (1 + step)
            WHEN change = 'absolute' AND canonical_unit = indicator_unit THEN baseline_value + step
            WHEN change = 'absolute' AND (indicator_unit, canonical_unit) IN (('%', 'pp'), ('‰', 'pm_point'))
                THEN baseline_value + step
        END, 6) AS target_value,
        CASE WHEN side = 'inside' AND canonical_unit = indicator_unit THEN canonical_value_high END
            AS target_value_high,
        CASE WHEN comparator = 'approx' THEN 0.05 * abs(target_value) ELSE 0 END AS tolerance,
        CASE
            WHEN side IN ('at least', 'inside') THEN target_value
            WHEN side = 'exactly' THEN target_value - tolerance
        END AS met_from,
        CASE
            WHEN side = 'at most' THEN target_value
            WHEN side = 'inside' THEN target_value_high
            WHEN side = 'exactly' THEN target_value + tolerance
        END AS met_to
    FROM with_baseline
),

-- A bound (95%以上) is taken as a level only where it bounds the side the target asks for; a range never is.
sided AS (
    SELECT
        *,
        unnest(CASE
            WHEN is_a_number THEN ['at least', 'at most', 'inside', 'exactly']
            WHEN comparator IN ('ge', 'gt') THEN ['at least']
            WHEN comparator IN ('le', 'lt') THEN ['at most']
        END) AS side
    FROM level
),

latest AS (
    SELECT series, side, year, arg_min(level, doubt) AS level FROM sided GROUP BY ALL
),

with_latest_actual AS (
    SELECT
        t.*,
        CASE WHEN t.baseline_year >= a.year THEN NULL ELSE a.level END AS actual,
        (actual).value AS latest_actual, (actual).comparator AS latest_actual_comparator,
        (actual).year AS latest_actual_year, (actual).id AS latest_actual_value_id,
        latest_actual_comparator IN ('eq', 'approx') AS is_a_number
    FROM with_target_value AS t
    ASOF LEFT JOIN latest AS a ON a.series = t.series AND a.side = t.side AND t.year >= a.year
),

measured AS (
    SELECT
        *,
        round(greatest(met_from - latest_actual, latest_actual - met_to), 6) AS gap,
        gap < 0 OR (
            gap = 0 AND (comparator NOT IN ('gt', 'lt') OR latest_actual_comparator = comparator)
        ) AS is_met,
        CASE
            WHEN baseline_value < met_from THEN met_from
            WHEN baseline_value > met_to THEN met_to
        END AS goal,
        round((latest_actual - baseline_value) / (goal - baseline_value), 6) AS share_of_way,
        round((latest_actual_year - baseline_year) / (year - baseline_year), 6) AS share_of_time
    FROM with_latest_actual
)

SELECT
    indicator_value_id, document_id, source_file, document_title, document_date,
    indicator_id, indicator_name, indicator_name_en, qualifier, direction,
    jurisdiction_code, jurisdiction_name, jurisdiction_level, parent_name,
    change, comparator, value, value_high, unit, period, year, reference_period,
    indicator_unit, target_value, target_value_high, met_from, met_to,
    baseline_value, baseline_year, baseline_value_id,
    latest_actual, latest_actual_comparator, latest_actual_year, latest_actual_value_id,
    gap, share_of_way, share_of_time,
    CASE
        WHEN is_met THEN 0
        WHEN latest_actual_year < year THEN round(
            (CASE WHEN latest_actual <= met_from THEN met_from ELSE met_to END - latest_actual)
                / (year - latest_actual_year), 6
        )
    END AS pace_needed,
    CASE
        WHEN latest_actual IS NULL THEN 'no_actual'
        WHEN gap IS NULL THEN NULL
        WHEN is_met THEN 'met'
        WHEN latest_actual_year < year AND share_of_way >= share_of_time THEN 'on_track'
        -- 90%以上 may be any number above 90: where it falls short it does not say by how much.
        WHEN NOT is_a_number THEN NULL
        WHEN latest_actual_year = year OR baseline_value IS NOT NULL THEN 'behind'
    END AS status
FROM measured
