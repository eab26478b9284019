"""The evidence pages: the text of each document, with all that was read from it marked in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from pipelines.report import evidence_words as words
from pipelines.report.evidence_marks import COLUMNS, Marked, Row, marked
from pipelines.report.layout import Site, evidence_page, indicator_page, place_page
from pipelines.report.questions import Warehouse

BATCH = 50  # documents asked for at once: few queries, and never all texts in memory
_THESE = "document_id IN (SELECT unnest(?))"
_VALUE = """
    document_id, indicator_value_id, char_start, char_end, sentence_start,
    sentence_start + length(sentence) AS sentence_end, section_id, indicator_id, qualifier, indicator_text,
    resolved_by, value_type, change, comparator, value, value_high, unit, canonical_value,
    canonical_value_high, canonical_unit, period, reference_period, jurisdiction_code, jurisdiction_name,
    flags, quote, rule_id"""
_UNITS = """
    SELECT indicator_value_id, list([responsibility, responsible_unit] ORDER BY position) AS units
    FROM bridge_value_responsible_unit GROUP BY ALL"""
_MIRRORS = """
    SELECT DISTINCT document_id, counts_as AS mirror_of FROM document_source
    WHERE counts_as <> document_id"""
DOCUMENTS = f"SELECT * FROM dim_document WHERE {_THESE} ORDER BY document_id"
# What is known of each document, in the order it stands there; keyed by the fields of Document.
QUERIES = {
    "text": f"SELECT document_id, raw_text FROM document_text WHERE {_THESE}",
    "found": f"SELECT document_id, field, value, found_by FROM header_evidence WHERE {_THESE}",
    "coverage": f"SELECT * FROM document_coverage WHERE {_THESE}",
    "sources": f"""
        WITH told AS (
            SELECT document_id, * EXCLUDE (document_id), document_id AS read_from FROM document_source
            UNION ALL
            SELECT counts_as, * EXCLUDE (document_id), document_id FROM document_source
            WHERE counts_as <> document_id
        )
        SELECT told.*, coalesce(d.title, d.source_file) AS counted_title
        FROM told JOIN dim_document AS d ON d.document_id = told.counts_as
        WHERE told.{_THESE} ORDER BY ALL""",
    "sections": f"""
        SELECT document_id, section_id, char_start, level, title, role, period FROM dim_section
        WHERE {_THESE} ORDER BY document_id, char_start, level, section_id""",
    "mentions": f"""
        SELECT document_id, mention_id, char_start, char_end, disposition, detail, rule_id
        FROM number_mention WHERE {_THESE} ORDER BY document_id, char_start, char_end, mention_id""",
    "values": f"""
        WITH units AS ({_UNITS}), these AS (
            SELECT {_VALUE}, NULL AS failed_rule, NULL AS detail, NULL AS counted_in
            FROM fact_indicator_value WHERE {_THESE}
            UNION ALL
            SELECT {_VALUE}, failed_rule, detail, NULL FROM rejected_value WHERE {_THESE}
            UNION ALL
            SELECT {_VALUE}, NULL, NULL, concat(
                'documents/', mirror_of, '.html', '#v-' || counted_value_id
            ) FROM duplicate_value JOIN ({_MIRRORS}) USING (document_id) WHERE {_THESE}
        )
        SELECT these.*, units FROM these LEFT JOIN units USING (indicator_value_id)
        ORDER BY document_id, char_start, char_end, indicator_value_id""",
    "repairs": f"""
        SELECT document_id, repair_id, char_start, char_end, before, after, reason, rule_id FROM repair
        WHERE {_THESE} ORDER BY document_id, char_start, char_end, repair_id""",
    "corrections": f"""
        SELECT document_id, corrected_value_id, char_start, char_end, action, field, old_value, new_value,
            who, corrected_on::VARCHAR AS corrected_on, why
        FROM correction WHERE status = 'applied' AND {_THESE}
        ORDER BY document_id, char_start, char_end, corrected_on, correction_id""",
}
INDICATORS = """
    SELECT indicator_id, name_zh, name_en, indicator_id IN (SELECT indicator_id FROM fact_indicator_value)
    FROM dim_indicator"""
PLACES = "SELECT DISTINCT jurisdiction_code FROM fact_indicator_value WHERE jurisdiction_code IS NOT NULL"


@dataclass(frozen=True)
class Document:
    """A row of dim_document and the rows of the other tables about it."""

    header: Row
    text: list[Row]
    found: list[Row]
    coverage: list[Row]
    sources: list[Row]
    sections: list[Row]
    mentions: list[Row]
    values: list[Row]
    repairs: list[Row]
    corrections: list[Row]


@dataclass(frozen=True)
class Links:
    """What values point to: names and page of each indicator, page of each place (if it has one)."""

    indicators: dict[str, tuple[str, str, str | None]]
    places: dict[str, str]


def write_evidence_pages(warehouse: Warehouse, site: Site) -> None:
    """Write ``documents/<document_id>.html`` for every document."""
    links = _links(warehouse)
    ids = [row["document_id"] for row in warehouse.rows("FROM dim_document ORDER BY document_id")]
    for start in range(0, len(ids), BATCH):
        for document in _documents(warehouse, ids[start : start + BATCH]):
            address = evidence_page(document.header["document_id"])
            site.write(address, "evidence.html", **page(document, links))


def _links(warehouse: Warehouse) -> Links:
    """An indicator or a place has a page if a published value has it."""
    indicators = {
        name: (zh, en, indicator_page(name) if valued else None)
        for name, zh, en, valued in (row.values() for row in warehouse.rows(INDICATORS))
    }
    codes = [row["jurisdiction_code"] for row in warehouse.rows(PLACES)]
    return Links(indicators, {code: place_page(code) for code in codes})


def _documents(warehouse: Warehouse, ids: list[str]) -> Iterator[Document]:
    parts = {name: _by_document(warehouse, sql, ids) for name, sql in QUERIES.items()}
    for header in warehouse.rows(DOCUMENTS, ids):
        yield Document(header, **{name: rows[header["document_id"]] for name, rows in parts.items()})


def _by_document(warehouse: Warehouse, sql: str, ids: list[str]) -> defaultdict[str, list[Row]]:
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in warehouse.rows(sql, *[ids] * sql.count("?")):
        rows[row["document_id"]].append(row)
    return rows


def page(document: Document, links: Links) -> dict[str, Any]:
    """What the template needs to show a document."""
    header = document.header
    raw_text = "".join(row["raw_text"] for row in document.text)
    text = marked(raw_text, document.mentions, document.values, document.repairs, document.sections)
    return {
        "document": header,
        "header": _header(document),
        "coverage": document.coverage[0] if document.coverage else {},
        **_sources(document),
        "sections": document.sections,
        "place_link": links.places.get(header["jurisdiction_code"]),
        "runs": text.runs,
        "counts": text.counts,
        "readings": _as_json(_readings(document, text, links)),
        "values": len(document.values),
        "words": words,
    }


def _sources(document: Document) -> Row:
    """The document this one repeats, if it does, and the other files that are it or repeat it."""
    header = document.header
    repeating = [row for row in document.sources if row["counts_as"] != header["document_id"]]
    return {
        "mirror_of": repeating[0] if repeating else None,
        "also_in": [row for row in document.sources if row["source_file"] != header["source_file"]],
    }


def _header(document: Document) -> list[Row]:
    """Each field of the header with its words, the value and how it was found; null where it was not."""
    found = {row["field"]: row["found_by"] for row in document.found}
    fields = {field: document.header[field] for field in words.HEADER_FIELDS}
    kind = fields["document_type"]
    fields["document_type"] = " ".join(words.DOCUMENT_TYPES.get(kind, (kind,))) if kind else None
    return [
        {"words": names, "value": fields[field], "found_by": found.get(field)}
        for field, names in words.HEADER_FIELDS.items()
    ]


def _readings(document: Document, text: Marked, links: Links) -> Row:
    """The readings as the page's script takes them, with names and pages of what they mention."""
    indicators = {row["indicator_id"] for row in document.values} & links.indicators.keys()
    places = {row["jurisdiction_code"] for row in document.values} & links.places.keys()
    return {
        "columns": COLUMNS,
        "values": text.values,
        "numbers": text.numbers,
        "sentences": text.sentences,
        "repairs": text.repairs,
        "corrections": [list(row.values())[1:] for row in document.corrections],
        "source_file": document.header["source_file"],
        "indicators": {name: links.indicators[name] for name in indicators},
        "places": {code: links.places[code] for code in places},
        "words": words.READING_WORDS,
        "signs": words.SIGNS,
    }


def _as_json(readings: Row) -> Markup:
    """``readings`` for a script element: Chinese as it is, which halves the page, and no ``<`` anywhere."""
    return htmlsafe_json_dumps(readings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
