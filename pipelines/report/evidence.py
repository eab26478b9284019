"""The evidence pages: the text of each document, with all that was read from it marked in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from pipelines.report import evidence_words as words
from pipelines.report.evidence_marks import COLUMNS, Marked, marked
from pipelines.report.layout import Site, evidence_page, indicator_page, place_page
from pipelines.report.page_rows import Kind, Part, Rows
from pipelines.report.questions import Row, Warehouse

_VALUE = """
    document_id, indicator_value_id, char_start, char_end, sentence_start,
    sentence_start + length(sentence) AS sentence_end, section_id, indicator_id, qualifier, indicator_text,
    resolved_by, value_type, change, comparator, value, value_high, unit, canonical_value,
    canonical_value_high, canonical_unit, period, reference_period, jurisdiction_code, jurisdiction_name,
    flags, quote, rule_id"""
# Values that count in the document this one repeats lead to where they do.
_VALUES = f"""
    WITH mirrors AS (
        SELECT DISTINCT document_id, counts_as AS mirror_of FROM document_source
        WHERE counts_as <> document_id
    ),
    units AS (
        SELECT indicator_value_id, list([responsibility, responsible_unit] ORDER BY position) AS units
        FROM bridge_value_responsible_unit GROUP BY ALL
    ),
    read AS (
        SELECT {_VALUE}, NULL AS failed_rule, NULL AS detail, NULL AS counted_in FROM fact_indicator_value
        UNION ALL
        SELECT {_VALUE}, failed_rule, detail, NULL FROM rejected_value
        UNION ALL
        SELECT {_VALUE}, NULL, NULL, concat('documents/', mirror_of, '.html', '#v-' || counted_value_id)
        FROM duplicate_value JOIN mirrors USING (document_id)
    )
    SELECT read.*, units FROM read LEFT JOIN units USING (indicator_value_id)"""
# What values point to: an indicator or a place has a page if a published value has it.
_INDICATORS = """
    WITH named AS (
        SELECT document_id, indicator_id FROM fact_indicator_value
        UNION
        SELECT document_id, indicator_id FROM rejected_value
        UNION
        SELECT document_id, indicator_id FROM duplicate_value
    )
    SELECT document_id, indicator_id, name_zh, name_en,
        indicator_id IN (SELECT indicator_id FROM fact_indicator_value WHERE indicator_id IS NOT NULL)
            AS valued
    FROM named JOIN dim_indicator USING (indicator_id)"""
_PLACES = """
    WITH named AS (
        SELECT document_id, jurisdiction_code FROM fact_indicator_value
        UNION
        SELECT document_id, jurisdiction_code FROM rejected_value
        UNION
        SELECT document_id, jurisdiction_code FROM duplicate_value
        UNION
        SELECT document_id, jurisdiction_code FROM dim_document
    )
    FROM named SEMI JOIN fact_indicator_value USING (jurisdiction_code)"""
_SOURCES = """
    WITH told AS (
        SELECT document_id, * EXCLUDE (document_id), document_id AS read_from FROM document_source
        UNION ALL
        SELECT counts_as, * EXCLUDE (document_id), document_id FROM document_source
        WHERE counts_as <> document_id
    )
    SELECT told.*, coalesce(d.title, d.source_file) AS counted_title
    FROM told JOIN dim_document AS d ON d.document_id = told.counts_as"""
_CORRECTIONS = """
    SELECT document_id, corrected_value_id, char_start, char_end, action, field, old_value, new_value, who,
        corrected_on::VARCHAR AS corrected_on, why, correction_id
    FROM correction WHERE status = 'applied'"""
# What is known of a document, in the order it stands there; keyed by the fields of Document.
PAGES = Kind(
    "document_id",
    evidence_page,
    {
        "header": Part("FROM dim_document"),
        "text": Part("SELECT document_id, raw_text FROM document_text"),
        "found": Part("SELECT document_id, field, value, found_by FROM header_evidence"),
        "coverage": Part("FROM document_coverage"),
        "sources": Part(_SOURCES, "source_file, read_from"),
        "sections": Part(
            "SELECT document_id, section_id, char_start, level, title, role, period FROM dim_section",
            "char_start, level, section_id",
        ),
        "mentions": Part(
            """SELECT document_id, mention_id, char_start, char_end, disposition, detail, rule_id
            FROM number_mention""",
            "char_start, char_end, mention_id",
        ),
        "values": Part(_VALUES, "char_start, char_end, indicator_value_id"),
        "repairs": Part(
            """SELECT document_id, repair_id, char_start, char_end, before, after, reason, rule_id
            FROM repair""",
            "char_start, char_end, repair_id",
        ),
        "corrections": Part(_CORRECTIONS, "char_start, char_end, corrected_on, correction_id"),
        "indicators": Part(_INDICATORS, "indicator_id"),
        "places": Part(_PLACES, "jurisdiction_code"),
    },
)


@dataclass(frozen=True)
class Document:
    """The row of dim_document, and the rows of the other tables about it and what it points to."""

    header: Rows
    text: Rows
    found: Rows
    coverage: Rows
    sources: Rows
    sections: Rows
    mentions: Rows
    values: Rows
    repairs: Rows
    corrections: Rows
    indicators: Rows
    places: Rows


def write_pages(warehouse: Warehouse, site: Site) -> None:
    """Write ``documents/<document_id>.html`` for every document whose page is not as it was."""
    for name, rows in site.changed(warehouse, PAGES):
        site.write(evidence_page(name), "evidence.html", **page(Document(**rows)))


def page(document: Document) -> dict[str, Any]:
    """What the template needs to show a document."""
    [header] = document.header
    raw_text = "".join(row["raw_text"] for row in document.text)
    text = marked(raw_text, document.mentions, document.values, document.repairs, document.sections)
    return {
        "document": header,
        "header": _header(document),
        "coverage": document.coverage[0] if document.coverage else {},
        **_sources(document),
        "sections": document.sections,
        "place_link": _place_pages(document.places).get(header["jurisdiction_code"]),
        "source": text.source,
        "counts": text.counts,
        "readings": _as_json(_readings(document, text)),
        "values": len(document.values),
        "words": words,
    }


def _sources(document: Document) -> Row:
    """The document this one repeats, if it does, and the other files that are it or repeat it."""
    [header] = document.header
    repeating = [row for row in document.sources if row["counts_as"] != header["document_id"]]
    return {
        "mirror_of": repeating[0] if repeating else None,
        "also_in": [row for row in document.sources if row["source_file"] != header["source_file"]],
    }


def _header(document: Document) -> list[Row]:
    """Each field of the header with its words, the value and how it was found; null where it was not."""
    found = {row["field"]: row["found_by"] for row in document.found}
    [header] = document.header
    fields = {field: header[field] for field in words.HEADER_FIELDS}
    kind = fields["document_type"]
    fields["document_type"] = " ".join(words.DOCUMENT_TYPES.get(kind, (kind,))) if kind else None
    return [
        {"words": names, "value": fields[field], "found_by": found.get(field)}
        for field, names in words.HEADER_FIELDS.items()
    ]


def _readings(document: Document, text: Marked) -> Row:
    """The readings as the page's script takes them, with names and pages of what they mention."""
    [header] = document.header
    named = {row["jurisdiction_code"] for row in document.values}
    return {
        "columns": COLUMNS,
        "values": text.values,
        "numbers": text.numbers,
        "sentences": text.sentences,
        "repairs": text.repairs,
        "corrections": [list(row.values())[1:-1] for row in document.corrections],
        "source_file": header["source_file"],
        "indicators": {row["indicator_id"]: _indicator(row) for row in document.indicators},
        "places": {code: page for code, page in _place_pages(document.places).items() if code in named},
        "words": words.READING_WORDS,
        "signs": words.SIGNS,
    }


def _indicator(row: Row) -> tuple[str, str, str | None]:
    """Its names, and its page if it has one."""
    return row["name_zh"], row["name_en"], indicator_page(row["indicator_id"]) if row["valued"] else None


def _place_pages(places: Rows) -> dict[str, str]:
    return {row["jurisdiction_code"]: place_page(row["jurisdiction_code"]) for row in places}


def _as_json(readings: Row) -> Markup:
    """``readings`` for a script element: Chinese as it is, which halves the page, and no ``<`` anywhere."""
    return htmlsafe_json_dumps(readings, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
