"""A warehouse of any size that could have been read: generated values with their documents and numbers.

Places, indicators and units are the real ones of ``seeds/reference``. Everything else is drawn by hashes of a
row's number, so equal sizes give equal tables. Per document as in the samples: about a hundred values (two a
sentence), five numbers for every three values, 22 headings, 12 kB of text; a place has about 29 documents for
every 10 million values.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from pipelines import engine
from warehouse import contract, tables
from warehouse.contract import Table, Type
from warehouse.files import NO_BAR

VALUES, SECTIONS = 100, 22  # of a document
OTHERS = 66  # numbers of a document that are no facts

_DOCUMENTS = """
CREATE TABLE document AS
SELECT
    g, printf('%016x', hash(g, 'document')) AS document_id,
    printf('%02d/%06d.txt', g % 100, g) AS source_file,
    2005 + hash(g, 'year') % 20 AS year,
    p.jurisdiction_code, p.name_zh AS jurisdiction_name
FROM range({documents}) AS r(g)
JOIN place AS p ON p.n = hash(g, 'place') % (SELECT count(*) FROM place)
ORDER BY g
"""

# Indicators are drawn so that some are told of far more often than others; one in seven is not known.
_VALUES = """
CREATE VIEW drawn AS
WITH slot AS (
    SELECT
        d.*, k, d.g * {values} + k AS v,
        CASE WHEN hash(v // 2, 'known') % 7 > 0
            THEN (hash(v // 2, 'indicator') % known) * (hash(v // 2, 'common') % known) // known END AS n
    FROM document AS d
    CROSS JOIN range({values}) AS r(k)
    CROSS JOIN (SELECT count(*) AS known FROM indicator)
)
SELECT
    d.* EXCLUDE (n), k * {sections} // {values} AS section,
    i.indicator_id, i.unit AS canonical_unit,
    coalesce(i.name_zh, '事项' || hash(v // 2, 'words') % 5000 || '完成数') AS indicator_text,
    coalesce(i.unit, '个') AS unit,
    ['target', 'actual', 'actual', 'target', 'baseline'][1 + (hash(v, 'type') % 5)::BIGINT] AS value_type,
    CASE value_type WHEN 'target' THEN year + hash(v, 'due') % 6 WHEN 'actual' THEN year - 1
        ELSE year - 5 END::BIGINT AS value_year,
    ['eq', 'eq', 'eq', 'ge', 'le', 'approx'][1 + (hash(v, 'comparator') % 6)::BIGINT] AS comparator,
    round(least(hash(v, 'number') % 10000 / 100, coalesce(i.valid_max, 1000)), 2) AS number,
    60 * (k // 2) + 25 * (k % 2) AS char_start
FROM slot AS d
LEFT JOIN indicator AS i ON i.n = d.n
"""

_TABLES = {
    "dim_document": """
        SELECT document_id, source_file, sha256(document_id) AS content_sha256, 12000 AS size_bytes,
            'utf-8' AS encoding, 4000 AS char_count, 'simplified' AS script,
            jurisdiction_name || year || '年卫生健康工作要点' AS title, 'work_priorities' AS document_type,
            jurisdiction_name || '卫生健康委员会' AS issuer, make_date(year::BIGINT, 3, 1) AS issued_on,
            jurisdiction_code, jurisdiction_name, year AS period_start, year AS period_end,
            'health_policy' AS topic
        FROM document""",
    "document_source": """
        SELECT source_file, document_id, 'original' AS read_as, document_id AS counts_as FROM document""",
    "document_text": """
        SELECT document_id, string_agg(sentence, chr(10) ORDER BY char_start) AS raw_text
        FROM fact WHERE char_start % 60 = 0 GROUP BY document_id""",
    "dim_section": """
        SELECT printf('%016x', hash(g, s, 'section')) AS section_id, document_id, 180 * s AS char_start,
            180 * s + 180 AS char_end, least(s, 2) AS level, '第' || s || '节 主要任务' AS title,
            '二、主要任务 / 第' || s || '节 主要任务' AS section_path, 'plan' AS role, year::VARCHAR AS period
        FROM document CROSS JOIN range({sections}) AS r(s)""",
    "number_mention": """
        SELECT mention_id, document_id, source_file, char_start, char_end, quote AS mention,
            'fact' AS disposition, 'quantity' AS rule_id, section_id
        FROM fact
        UNION ALL BY NAME
        SELECT printf('%016x', hash(g, m, 'other')) AS mention_id, document_id, source_file,
            5000 + 10 * m AS char_start, 5004 + 10 * m AS char_end, year::VARCHAR AS mention,
            ['date', 'ordinal', 'reference', 'other'][1 + (hash(g, m) % 4)::BIGINT] AS disposition,
            'year' AS rule_id,
            printf('%016x', hash(g, m % {sections}, 'section')) AS section_id
        FROM document CROSS JOIN range({others}) AS r(m)""",
    "fact_indicator_value": "SELECT * FROM fact",
    "bridge_value_responsible_unit": """
        SELECT indicator_value_id, document_id, jurisdiction_name || '卫生健康委员会' AS responsible_unit,
            1 AS position, 'lead' AS responsibility, 3990 AS char_start, 3999 AS char_end
        FROM fact WHERE hash(indicator_value_id) % 5 = 0""",
}
_FACT = """
CREATE VIEW fact AS
SELECT
    printf('%016x', hash(v, 'value')) AS indicator_value_id,
    printf('%016x', hash(v, 'mention')) AS mention_id,
    document_id, source_file, char_start, char_start + 5 AS char_end,
    printf('%016x', hash(g, section, 'section')) AS section_id, indicator_id,
    CASE WHEN indicator_id IS NOT NULL THEN 'name' END AS resolved_by, indicator_text, value_type, comparator,
    number AS value, unit, CASE WHEN indicator_id IS NOT NULL THEN number END AS canonical_value,
    canonical_unit, value_year::VARCHAR AS period, value_year AS year, jurisdiction_code, jurisdiction_name,
    CASE hash(v, 'flag') % 4 WHEN 0 THEN ['unit_inferred'] ELSE []::VARCHAR[] END AS flags,
    number::VARCHAR AS quote,
    '到' || year || '年,' || jurisdiction_name || indicator_text || '达到' || (hash(v // 2, 'said') % 10000)
        || unit || ',较上年有所提高,持续推进各项重点任务落实,' || hash(v // 2, 'note') % 100000 || '人受益。'
        AS sentence,
    60 * (k // 2) AS sentence_start, 'noun_before' AS rule_id
FROM drawn
"""


def write(values: int, folder: Path) -> None:
    """Write the tables of about that many values to the new ``folder``."""
    folder.mkdir(parents=True)
    sizes = {"documents": max(1, values // VALUES), "values": VALUES, "sections": SECTIONS, "others": OTHERS}
    with duckdb.connect() as connection:
        connection.execute(NO_BAR)
        connection.execute(f"SET temp_directory = {contract.quoted(str(folder / 'spill'))}")
        connection.execute("SET preserve_insertion_order = false")
        _reference(connection)
        for statement in (_DOCUMENTS, _VALUES, _FACT):
            connection.execute(statement.format(**sizes))
        for name, query in _TABLES.items():
            file = contract.quoted(str(folder / f"{name}.parquet"))
            connection.execute(f"COPY ({query.format(**sizes)}) TO {file} (COMPRESSION lz4_raw)")


def frames(folder: Path) -> dict[str, pl.LazyFrame]:
    """The tables that :func:`write` wrote to ``folder``, and the others, all as the contract has them."""
    built = pl.DataFrame(
        {c.name: ["generated"] if c.type is Type.TEXT else [0] for c in tables.BUILD_RUN.columns}
    )
    return {
        **{table.name: contract.empty(table).lazy() for table in tables.TABLES},
        **{name: frame.lazy() for name, frame in _seeds().items()},
        **{table.name: _written(table, folder) for table in tables.TABLES if table.name in _TABLES},
        tables.BUILD_RUN.name: built.lazy(),
    }


def _seeds() -> dict[str, pl.DataFrame]:
    return engine.reference_tables(engine.load_seeds().reference)


def _reference(connection: duckdb.DuckDBPyConnection) -> None:
    """The places and indicators to draw from, each with its number from 0."""
    seeds = _seeds()
    connection.register("places", seeds["dim_jurisdiction"].filter(pl.col("status") == "current").to_arrow())
    connection.register("indicators", seeds["dim_indicator"].to_arrow())
    connection.execute("CREATE TABLE place AS SELECT row_number() OVER () - 1 AS n, * FROM places")
    connection.execute("CREATE TABLE indicator AS SELECT row_number() OVER () - 1 AS n, * FROM indicators")


def _written(table: Table, folder: Path) -> pl.LazyFrame:
    """The columns of the contract, null where the query has none."""
    rows = pl.scan_parquet(folder / f"{table.name}.parquet", glob=False)
    known = set(rows.collect_schema().names())
    return rows.select(
        (pl.col(c.name) if c.name in known else pl.lit(None)).cast(c.type.polars).alias(c.name)
        for c in table.columns
    )
