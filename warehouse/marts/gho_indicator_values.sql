SELECT
    v.indicator_value_id AS Id,
    i.who_gho_code AS IndicatorCode,
    upper(j.level) AS SpatialDimType,
    CASE j.level WHEN 'country' THEN 'CHN' ELSE j.jurisdiction_code END AS SpatialDim,
    CASE WHEN j.level = 'country' THEN 'WPR' WHEN p.level = 'country' THEN 'CHN' ELSE p.jurisdiction_code END
        AS ParentLocationCode,
    CASE j.level WHEN 'country' THEN 'Western Pacific' ELSE p.name_zh END AS ParentLocation,
    'YEAR' AS TimeDimType,
    v.year AS TimeDim,
    NULL::VARCHAR AS Dim1Type, NULL::VARCHAR AS Dim1,
    NULL::VARCHAR AS Dim2Type, NULL::VARCHAR AS Dim2,
    NULL::VARCHAR AS Dim3Type, NULL::VARCHAR AS Dim3,
    'DATASOURCE' AS DataSourceDimType,
    v.document_id AS DataSourceDim,
    -- 8.2 per 1 000 times 10 is 82, not 81.99999999999999.
    round(v.canonical_value * i.who_gho_factor, 6)::VARCHAR AS Value,
    round(v.canonical_value * i.who_gho_factor, 6) AS NumericValue,
    NULL::DOUBLE AS Low, NULL::DOUBLE AS High,
    CASE v.comparator WHEN 'approx' THEN '(approx) ' ELSE '' END || v.sentence AS Comments,
    coalesce(d.published_on, d.issued_on) AS Date,
    v.period AS TimeDimensionValue,
    make_date(v.year, 1, 1) AS TimeDimensionBegin,
    make_date(v.year, 12, 31) AS TimeDimensionEnd
FROM fact_indicator_value AS v
JOIN dim_indicator AS i USING (indicator_id)
JOIN dim_jurisdiction AS j USING (jurisdiction_code)
LEFT JOIN dim_jurisdiction AS p ON p.jurisdiction_code = j.parent_code
JOIN dim_document AS d USING (document_id)
WHERE v.value_type = 'actual' AND v.change IS NULL AND v.qualifier IS NULL
  AND v.comparator IN ('eq', 'approx')
  AND i.who_gho_code IS NOT NULL AND i.who_gho_factor IS NOT NULL
  AND v.canonical_unit = i.unit
  AND v.period = v.year::VARCHAR
