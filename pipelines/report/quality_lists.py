"""The lists of quality.html: what is asked, and how its rows are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.report.questions import Warehouse
from pipelines.report.rows import Column, hidden, payload

# So many rows of a list stand in the page; it says how many there are.
LISTED = 500

DOCUMENT = Column("document", "文件 Document", href="documents/{document_id}.html")
EVIDENCE = Column("quote", "原文数字 Number", href="documents/{document_id}.html#{anchor}")
SENTENCE = Column("sentence", "句子 Sentence", kind="quote")


@dataclass(frozen=True)
class List:
    """A list of the page: its query, with its rows in order, and its columns."""

    sql: str
    columns: tuple[Column, ...]


LISTS = {
    "quarantine": List(
        """
        SELECT r.failed_rule, r.detail, r.indicator_text, r.value, r.unit, r.period, r.jurisdiction_name,
            r.quote, r.sentence, r.document_id, 'v-' || r.indicator_value_id AS anchor,
            coalesce(d.title, r.source_file) AS document
        FROM rejected_value AS r LEFT JOIN dim_document AS d USING (document_id)
        ORDER BY r.failed_rule, r.source_file, r.char_start, r.indicator_value_id
        """,
        (
            EVIDENCE,
            Column("failed_rule", "未过的规则 Failed rule", filter=True),
            Column("indicator_text", "指标 Indicator"),
            Column("value", "数值 Value", kind="number"),
            Column("unit", "单位 Unit"),
            Column("detail", "发现 Found", kind="quote"),
            SENTENCE,
            DOCUMENT,
            *hidden("document_id", "anchor", "period", "jurisdiction_name"),
        ),
    ),
    "rejected": List(
        "FROM rejected_document ORDER BY reason, source_file",
        (
            Column("source_file", "文件 File"),
            Column("reason", "原因 Reason", filter=True),
            Column("detail", "说明 What to do"),
        ),
    ),
    "twice": List(
        """
        SELECT s.source_file, s.document_id AS read_from, s.read_as, round(100 * s.likeness) AS percent,
            coalesce(d.title, d.source_file) AS document, d.document_id,
            if(s.read_as = 'near_duplicate', c.values_set_aside, NULL) AS aside,
            if(s.read_as = 'near_duplicate', c.values_published, NULL) AS own
        FROM document_source AS s
        JOIN dim_document AS d ON d.document_id = s.counts_as
        JOIN document_coverage AS c ON c.document_id = s.document_id
        WHERE s.read_as <> 'original'
        ORDER BY own DESC NULLS LAST, percent, s.source_file
        """,
        (
            Column("source_file", "文件 File", href="documents/{read_from}.html"),
            Column("read_as", "读作 Read as", filter=True),
            Column("percent", "相似 Alike %", kind="number"),
            DOCUMENT,
            Column("aside", "在原件计数 Counted there", kind="number"),
            Column("own", "不同而保留 Differ, kept", kind="number"),
            *hidden("document_id", "read_from"),
        ),
    ),
    "differences": List(
        """
        SELECT m.*, d.document_id AS original_id, coalesce(d.title, d.source_file) AS document,
            if(stands_in = 'original', m.document_id, mirror_document_id) AS read_from,
            'v-' || indicator_value_id AS anchor
        FROM mirror_differences AS m JOIN dim_document AS d ON d.document_id = m.document_id
        ORDER BY d.source_file, mirror_document_id, indicator_text, char_start, stands_in, indicator_value_id
        """,
        (
            Column("quote", "原文数字 Number", href="documents/{read_from}.html#{anchor}"),
            Column("stands_in", "只见于 Only in", filter=True),
            Column("source_file", "文件 File"),
            Column("indicator_text", "指标 Indicator"),
            Column("value", "数值 Value", kind="number"),
            Column("unit", "单位 Unit"),
            Column("period", "时期 Period", kind="short"),
            SENTENCE,
            Column("document", "原件 Original", href="documents/{original_id}.html"),
            *hidden("original_id", "read_from", "anchor"),
        ),
    ),
    "indicators": List(
        """
        SELECT *, example_sentence AS sentence, example_document_id AS document_id,
            'v-' || example_value_id AS anchor
        FROM unresolved_indicators ORDER BY values_found DESC, documents DESC, indicator_text, unit
        """,
        (
            Column("indicator_text", "文件中的名称 Name", href="documents/{document_id}.html#{anchor}"),
            Column("unit", "单位 Unit"),
            Column("values_found", "数值 Values", kind="number"),
            Column("documents", "文件 Documents", kind="number"),
            Column("places", "地区 Places", kind="number"),
            SENTENCE,
            *hidden("document_id", "anchor"),
        ),
    ),
    "places": List(
        """
        WITH first AS (
            SELECT document_id, jurisdiction_name,
                arg_min(indicator_value_id, (char_start, indicator_value_id)) AS id
            FROM fact_indicator_value WHERE jurisdiction_code IS NULL GROUP BY ALL
        )
        SELECT coalesce(u.jurisdiction_name, '（未写地区 none named）') AS place, u.documents, u.values_found,
            u.example_sentence AS sentence, u.example_document_id AS document_id,
            coalesce('v-' || id, '') AS anchor
        FROM unresolved_jurisdictions AS u LEFT JOIN first
            ON first.document_id = u.example_document_id
            AND first.jurisdiction_name IS NOT DISTINCT FROM u.jurisdiction_name
        ORDER BY u.values_found + u.documents DESC, place
        """,
        (
            Column("place", "文件中的地名 Place", href="documents/{document_id}.html#{anchor}"),
            Column("values_found", "数值 Values", kind="number"),
            Column("documents", "文件 Documents", kind="number"),
            SENTENCE,
            *hidden("document_id", "anchor"),
        ),
    ),
    "coverage": List(
        """
        SELECT *, coalesce(title, source_file) AS document, round(100 * share_unread, 1) AS unread
        FROM document_coverage ORDER BY share_unread DESC NULLS LAST, source_file
        """,
        (
            DOCUMENT,
            Column("numbers", "数字 Numbers", kind="number"),
            Column("numbers_fact", "fact", kind="number"),
            Column("numbers_date", "date", kind="number"),
            Column("numbers_ordinal", "ordinal", kind="number"),
            Column("numbers_population", "population", kind="number"),
            Column("numbers_document_id", "document_id", kind="number"),
            Column("numbers_name", "name", kind="number"),
            Column("numbers_rate_base", "rate_base", kind="number"),
            Column("numbers_reference", "reference", kind="number"),
            Column("numbers_other", "other", kind="number"),
            Column("unread", "other %", kind="number"),
            *hidden("document_id", "source_file"),
        ),
    ),
    "others": List(
        """
        SELECT coalesce(detail, '（没有原因 no reason）') AS reason, count(*) AS numbers,
            count(DISTINCT document_id) AS documents,
            first(document_id ORDER BY source_file, char_start) AS document_id,
            first('m-' || mention_id ORDER BY source_file, char_start) AS anchor,
            first(mention ORDER BY source_file, char_start) AS quote
        FROM number_mention WHERE disposition = 'other'
        GROUP BY detail ORDER BY numbers DESC, reason
        """,
        (
            Column("reason", "原因 Reason"),
            Column("numbers", "数字 Numbers", kind="number"),
            Column("documents", "文件 Documents", kind="number"),
            Column("quote", "例 Example", href="documents/{document_id}.html#{anchor}"),
            *hidden("document_id", "anchor"),
        ),
    ),
    "repairs": List(
        """
        SELECT rule_id, count(*) AS repairs, count(DISTINCT document_id) AS documents,
            first(reason ORDER BY source_file, char_start) AS reason,
            first(document_id ORDER BY source_file, char_start) AS document_id,
            first(source_file ORDER BY source_file, char_start) AS document,
            coalesce(nullif(first(before ORDER BY source_file, char_start), ''), '∅') AS before,
            coalesce(nullif(first(after ORDER BY source_file, char_start), ''), '∅') AS after
        FROM repair GROUP BY rule_id ORDER BY repairs DESC, rule_id
        """,
        (
            Column("rule_id", "规则 Rule"),
            Column("repairs", "修复 Repairs", kind="number"),
            Column("documents", "文件 Documents", kind="number"),
            Column("before", "例：原 Before"),
            Column("after", "读作 After"),
            Column("reason", "理由 Reason"),
            DOCUMENT,
            *hidden("document_id"),
        ),
    ),
    "freshness": List(
        """
        SELECT coalesce(jurisdiction_name, '（未知 unknown）') AS place, jurisdiction_code,
            replace(coalesce(document_type, 'unknown'), '_', ' ') AS type, count(*) AS documents,
            strftime(min(coalesce(issued_on, published_on)), '%Y-%m-%d') AS oldest,
            strftime(max(coalesce(issued_on, published_on)), '%Y-%m-%d') AS newest,
            concat_ws('–', min(period_start), nullif(max(period_end), min(period_start))) AS years,
            count(*) - count(coalesce(issued_on, published_on)) AS undated
        FROM dim_document GROUP BY ALL ORDER BY newest NULLS FIRST, place, type
        """,
        (
            Column("place", "地区 Place", filter=True),
            Column("type", "种类 Type", filter=True),
            Column("documents", "文件 Documents", kind="number"),
            Column("oldest", "最早 Oldest"),
            Column("newest", "最新 Newest"),
            Column("years", "所述年份 Years covered"),
            Column("undated", "无日期 Undated", kind="number"),
        ),
    ),
    "undated": List(
        """
        SELECT coalesce(title, source_file) AS document, source_file, document_id, jurisdiction_name,
            concat_ws('–', period_start, nullif(period_end, period_start)) AS years
        FROM dim_document WHERE issued_on IS NULL AND published_on IS NULL ORDER BY source_file
        """,
        (
            DOCUMENT,
            Column("source_file", "来源 Source file"),
            Column("jurisdiction_name", "地区 Place"),
            Column("years", "所述年份 Years covered"),
            *hidden("document_id"),
        ),
    ),
}
CORRECTIONS = List(
    """
    SELECT c.*, strftime(c.corrected_on, '%Y-%m-%d') AS day, d.document_id AS known, c.quote AS number,
        coalesce('v-' || coalesce(c.corrected_value_id, c.indicator_value_id), '') AS anchor
    FROM correction AS c LEFT JOIN dim_document AS d USING (document_id)
    ORDER BY c.status = 'applied', c.status, c.source_file, c.char_start, c.correction_id
    """,
    (
        Column("status", "结果 Result", filter=True),
        Column("action", "操作 Action", filter=True),
        Column("number", "原文数字 Number", href="documents/{known}.html#{anchor}"),
        Column("indicator_text", "指标 Indicator"),
        Column("field", "栏目 Field"),
        Column("old_value", "原为 Before"),
        Column("new_value", "改为 After"),
        Column("detail", "说明 What became of it"),
        Column("why", "理由 Why", kind="quote"),
        Column("who", "更正人 Who", filter=True),
        Column("day", "日期 When"),
        *hidden("known", "anchor", "source_file"),
    ),
)
HAS_CORRECTIONS = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'correction'"


def lists(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    """Each list by name: ``table`` with its first rows, how many those are, and ``total``."""
    corrected = {"corrections": CORRECTIONS} if warehouse.rows(HAS_CORRECTIONS) else {}
    return {name: _listed(warehouse, listed) for name, listed in {**LISTS, **corrected}.items()}


def _listed(warehouse: Warehouse, listed: List) -> dict[str, Any]:
    rows = warehouse.rows(f"{listed.sql} LIMIT {LISTED}")
    [counted] = warehouse.rows(f"SELECT count(*) AS total FROM ({listed.sql})")
    return {"table": payload(listed.columns, rows), "shown": len(rows), **counted}
