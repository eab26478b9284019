-- What the other tables know of each value, and some reckonings, beside the columns of the table itself.
-- A column that is null where a rule does not apply is passed over by the rule.
WITH read AS (
    SELECT
        f.*,
        d.char_count AS document_length,
        d.topic AS document_topic,
        coalesce(year(d.issued_on), year(d.published_on), d.period_end) AS document_year,
        m.disposition AS mention_disposition,
        i.unit AS indicator_unit,
        i.valid_min,
        i.valid_max,
        u.canonical_unit AS written_unit,
        f.year AS period_year,
        f.change IS NULL AS is_level,
        regexp_matches(f.indicator_text, '增长|增速|增幅|增加|下降|降低|降幅|变化|升幅') AS names_a_change
    FROM fact_indicator_value AS f
    LEFT JOIN dim_document AS d USING (document_id)
    LEFT JOIN number_mention AS m USING (mention_id)
    LEFT JOIN dim_indicator AS i USING (indicator_id)
    LEFT JOIN dim_unit AS u ON u.surface_unit = f.unit
)

SELECT
    row_number,
    document_length,
    document_topic,
    document_year,
    mention_disposition,
    indicator_unit,
    valid_min,
    valid_max,
    written_unit,
    period_year,
    abs(value) <= 1e15 AS value_is_finite,
    coalesce(value_high, value) AS highest,
    comparator <> 'between' OR value_high IS NOT NULL AS range_has_its_end,
    value_high IS NULL OR comparator = 'between' OR NOT is_level AS end_belongs_to_a_range,
    is_level = (comparator NOT IN ('increase', 'decrease')) AS change_has_direction,
    if(NOT (is_level AND names_a_change), value, NULL) AS unsigned_value,
    length(quote) = char_end - char_start AS quote_fills_span,
    contains(sentence, quote) AS sentence_holds_quote,
    substr(sentence, char_start - sentence_start + 1, char_end - char_start) = quote AS quote_is_in_its_place,
    -- Rates that reach beyond their whole by the way they are counted (完成率, 使用率, 覆盖率, 增长率) stay out.
    if(is_level AND unit = '%' AND regexp_matches(indicator_text, '(合格|知晓|满意|优良|治愈|达标|及格|普及|有效)率$|满意度$|占比$|比例$|比重$'),
        coalesce(value_high, value), NULL) AS share_of_a_whole,
    if(is_level AND unit = '%', coalesce(value_high, value), NULL) AS percent_level,
    if(is_level AND canonical_unit = indicator_unit, canonical_value, NULL) AS comparable_value,
    if(is_level AND canonical_unit = indicator_unit, coalesce(canonical_value_high, canonical_value), NULL) AS comparable_highest,
    if(is_level AND written_unit IN ('%', '‰', 'per_100k', 'years', 'CNY')
        AND indicator_unit IN ('%', '‰', 'per_100k', 'years', 'CNY'), written_unit = indicator_unit, NULL)
        AS unit_is_the_indicators,
    if(is_level AND unit = '%' AND contains(indicator_text, '死亡率') AND NOT contains(indicator_text, '病死率'),
        value, NULL) AS mortality_in_percent,
    if(is_level AND unit IN ('个', '家', '所', '名', '人', '项', '例', '间', '张', '辆', '台')
        AND NOT regexp_matches(indicator_text, '每|人均|平均|比'), value = floor(value), NULL) AS count_is_whole,
    if(value_type = 'actual', period_year, NULL) AS actual_year,
    if(value_type = 'target', period_year, NULL) AS target_year
FROM read
