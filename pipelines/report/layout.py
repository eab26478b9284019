"""Pages of the site: where each kind stands, and how a template becomes one.

Text from documents is data: every template escapes what it is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from pipelines.report.kept import Kept
from pipelines.report.page_rows import Kind, Rows
from pipelines.report.questions import Warehouse

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Site:
    """The ``folder`` of the site, what is ``kept`` of the one before it, and the private folder ``state``."""

    folder: Path
    kept: Kept
    state: Path

    def changed(self, warehouse: Warehouse, kind: Kind) -> Iterator[tuple[str, dict[str, Rows]]]:
        """The pages of ``kind`` that have to be written, with their rows; the others stand already."""
        return self.kept.changed(warehouse, kind, self.folder)

    def write(self, path: str, template: str, **context: Any) -> None:
        """Write the page ``path`` (below the folder, with forward slashes) from ``template``.

        The template knows ``root``, the way from the page back to the top (``''`` or ``'../'``).
        """
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        page = _environment().get_template(template).render(root="../" * path.count("/"), **context).encode()
        target.write_bytes(page)
        self.kept.rendered(path, page)

    def write_data(self, name: str, payload: Any) -> None:
        """Write ``data/<name>.js``, which hands ``payload`` to the page that loads it.

        A script, because a page opened from disk may load scripts but not read files.
        """
        target = self.folder / "data" / f"{name}.js"
        target.parent.mkdir(exist_ok=True)
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        target.write_text(f"hiw.data({json.dumps(name)}, {text});\n", encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.globals |= {
        "indicator_page": indicator_page,
        "place_page": place_page,
        "evidence_page": evidence_page,
        "evidence_of": evidence_of,
    }
    return environment


def indicator_page(indicator_id: str) -> str:
    """Where the page of an indicator stands."""
    return f"indicators/{indicator_id}.html"


def place_page(jurisdiction_code: str) -> str:
    """Where the page of a place stands."""
    return f"places/{jurisdiction_code}.html"


def evidence_page(document_id: str) -> str:
    """Where the page with the text of a document stands."""
    return f"documents/{document_id}.html"


def evidence_of(document_id: str, indicator_value_id: str) -> str:
    """The highlighted place of a value in the text of its document."""
    return f"{evidence_page(document_id)}#v-{indicator_value_id}"
