-- Each step adds columns to the rows of the one before and keeps one row a target. The windows are cut by
-- indicator, place and year too, and nothing is materialized, so that DuckDB applies a condition on one of
-- them before it joins.
WITH target AS (
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
        CASE WHEN contains(period, '/') THEN 1 + year - left(period, 4)::BIGINT ELSE 0 END AS years_covered
    FROM targets
    WHERE indicator_id IS NOT NULL AND year IS NOT NULL AND jurisdiction_code IS NOT NULL
),

-- What is told of how things stood or stand, in the unit of the indicator.
level AS NOT MATERIALIZED (
    SELECT
        v.indicator_value_id, v.document_id, v.indicator_id, v.qualifier, v.jurisdiction_code,
        v.value_type, v.comparator, v.canonical_value AS value, v.period, v.year,
        CASE WHEN contains(v.period, '/') THEN 1 + v.year - left(v.period, 4)::BIGINT ELSE 0 END
            AS years_covered,
        v.comparator IN ('eq', 'approx') AS is_a_number,
        coalesce(d.issued_on, d.published_on) AS document_date
    FROM fact_indicator_value AS v
    JOIN dim_indicator AS i USING (indicator_id)
    JOIN dim_document AS d USING (document_id)
    WHERE v.value_type IN ('actual', 'baseline') AND v.change IS NULL AND v.canonical_unit = i.unit
),

-- A change starts from the level of its base period only: one without base (降低10%) may mean any year.
with_baseline AS (
    SELECT
        t.*, b.value AS baseline_value, b.year AS baseline_year, b.indicator_value_id AS baseline_value_id
    FROM target AS t
    LEFT JOIN level AS b
        ON b.indicator_id = t.indicator_id
        AND b.jurisdiction_code = t.jurisdiction_code
        AND b.qualifier IS NOT DISTINCT FROM t.qualifier
        AND b.years_covered = t.years_covered
        AND b.year < t.year
        AND b.is_a_number
        AND CASE WHEN t.change IS NULL THEN b.value_type = 'baseline' ELSE b.period = t.reference_period END
    QUALIFY row_number() OVER (
        PARTITION BY t.indicator_id, t.jurisdiction_code, t.year, t.indicator_value_id
        ORDER BY b.document_id = t.document_id DESC NULLS LAST, b.year DESC, b.comparator = 'eq' DESC,
            b.document_date DESC NULLS LAST, b.indicator_value_id
    ) = 1
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
with_latest_actual AS (
    SELECT
        t.*, a.value AS latest_actual, a.comparator AS latest_actual_comparator, a.year AS latest_actual_year,
        a.indicator_value_id AS latest_actual_value_id, a.is_a_number
    FROM with_target_value AS t
    LEFT JOIN level AS a
        ON a.indicator_id = t.indicator_id
        AND a.jurisdiction_code = t.jurisdiction_code
        AND a.qualifier IS NOT DISTINCT FROM t.qualifier
        AND a.years_covered = t.years_covered
        AND a.year <= t.year
        AND (a.year > t.baseline_year OR t.baseline_year IS NULL)
        AND (
            a.is_a_number
            OR (t.side = 'at least' AND a.comparator IN ('ge', 'gt'))
            OR (t.side = 'at most' AND a.comparator IN ('le', 'lt'))
        )
    QUALIFY row_number() OVER (
        PARTITION BY t.indicator_id, t.jurisdiction_code, t.year, t.indicator_value_id
        ORDER BY a.year DESC NULLS LAST, a.is_a_number DESC, a.comparator = 'eq' DESC,
            a.document_date DESC NULLS LAST, a.indicator_value_id
    ) = 1
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
