-- A value that covers several years is no point of one year, a change no level: neither is drawn.
-- What is read twice is not materialized, so that a condition on a place or indicator reaches the facts.
WITH told AS NOT MATERIALIZED (
    SELECT
        v.indicator_id, v.qualifier, v.jurisdiction_code, v.year, v.value_type AS point,
        v.comparator, v.canonical_value AS value, v.canonical_value_high AS value_high,
        v.indicator_value_id, v.document_id, d.title AS document_title
    FROM fact_indicator_value AS v
    JOIN dim_indicator AS i USING (indicator_id)
    JOIN dim_document AS d USING (document_id)
    WHERE v.change IS NULL AND v.canonical_unit = i.unit AND v.jurisdiction_code IS NOT NULL
        AND v.year IS NOT NULL AND NOT contains(v.period, '/')
    QUALIFY row_number() OVER (
        PARTITION BY v.indicator_id, v.jurisdiction_code, v.qualifier, v.year, v.value_type
        ORDER BY v.comparator IN ('eq', 'approx') DESC, v.comparator = 'eq' DESC,
            coalesce(d.issued_on, d.published_on) DESC NULLS LAST, v.indicator_value_id
    ) = 1
),

-- Of several plans for one year, the best checked and then the strictest: who meets that meets the others.
national AS (
    SELECT n.indicator_id, n.year, n.comparator, n.value, n.source_document
    FROM national_target AS n
    JOIN dim_indicator AS i USING (indicator_id)
    WHERE n.change IS NULL AND n.value IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY n.indicator_id, n.year
        ORDER BY list_position(['official_text', 'press_reprint', 'unverified'], n.verification),
            CASE WHEN i.direction = 'lower_is_better' THEN n.value ELSE -n.value END, n.source_document
    ) = 1
),

-- The country's target is drawn beside each place's own line, of the whole indicator only.
place_line AS (
    SELECT DISTINCT indicator_id, jurisdiction_code FROM told WHERE qualifier IS NULL
),

drawn AS (
    SELECT * FROM told
    UNION ALL BY NAME
    SELECT
        line.indicator_id, line.jurisdiction_code, n.year, 'national_target' AS point, n.comparator, n.value,
        n.source_document AS document_title
    FROM national AS n
    JOIN place_line AS line USING (indicator_id)
),

-- From 90%以上 to 92% nobody knows the rise; from one promise to the next it is that of the promises.
with_pace AS (
    SELECT
        *,
        CASE
            WHEN value_high IS NULL AND (point LIKE '%target' OR comparator IN ('eq', 'approx')) THEN value
        END AS number,
        round((number - lag(number) OVER line) / (year - lag(year) OVER line), 6) AS change_per_year
    FROM drawn
    WINDOW line AS (PARTITION BY indicator_id, jurisdiction_code, qualifier, point ORDER BY year)
)

SELECT
    p.indicator_id, i.name_zh AS indicator_name, i.name_en AS indicator_name_en, p.qualifier, i.direction,
    p.jurisdiction_code, j.name_zh AS jurisdiction_name, j.level AS jurisdiction_level,
    parent.name_zh AS parent_name,
    p.year, p.point, p.comparator, p.value, p.value_high, i.unit AS indicator_unit, p.change_per_year,
    p.indicator_value_id, p.document_id, p.document_title
FROM with_pace AS p
JOIN dim_indicator AS i USING (indicator_id)
JOIN dim_jurisdiction AS j USING (jurisdiction_code)
LEFT JOIN dim_jurisdiction AS parent ON parent.jurisdiction_code = j.parent_code
