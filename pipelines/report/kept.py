"""Pages that are as they were: taken over from the site in place instead of being rendered again.

A page is taken over if it was rendered by this code from rows with the same key, and its file still has the
bytes that were rendered then. The record of that says of each page what its key and its bytes were; where it
is lost, old or of another site, pages are rendered again, and nothing worse.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipelines.report.page_rows import Kind, Rows
from pipelines.report.questions import Warehouse

RECORD = "pages.json"
CODE = Path(__file__).parent
# What else decides how a row becomes a page, or a row its key.
PACKAGES = ("duckdb", "jinja2", "markupsafe")


class Kept:
    """The pages of the site ``before`` that can be had again; the folder ``state`` has the record of them."""

    def __init__(self, before: Path, state: Path) -> None:
        self._before = before
        self._record = state / RECORD
        self._rendered = _read(self._record)
        self._keys: dict[str, str] = {}
        self._now: dict[str, tuple[str, str]] = {}

    def changed(
        self, warehouse: Warehouse, kind: Kind, folder: Path
    ) -> Iterator[tuple[str, dict[str, Rows]]]:
        """The pages of ``kind`` to be rendered, with their rows; the others are put into ``folder``."""
        keys = {page: _keyed(key) for page, key in kind.keys(warehouse).items()}
        self._keys |= {kind.address(page): key for page, key in keys.items()}
        (folder / kind.address("page")).parent.mkdir(exist_ok=True)
        yield from kind.read(warehouse, [p for p in keys if not self._take_over(kind.address(p), folder)])

    def rendered(self, address: str, page: bytes) -> None:
        """Note what the page at ``address`` is now."""
        if address in self._keys:
            self._now[address] = self._keys[address], hashlib.sha256(page).hexdigest()

    def save(self) -> None:
        """Write the record for the next site; by rename, so that there always is a whole one."""
        staged = self._record.with_suffix(".new")
        staged.write_text(json.dumps(self._now, sort_keys=True), encoding="ascii")
        staged.replace(self._record)

    def _take_over(self, address: str, folder: Path) -> bool:
        known = self._rendered.get(address)
        source = self._before / address
        if known is None or known[0] != self._keys[address] or not source.is_file():
            return False
        if hashlib.sha256(source.read_bytes()).hexdigest() != known[1]:
            return False
        _link(source, folder / address)
        self._now[address] = known
        return True


def _read(record: Path) -> dict[str, tuple[str, str]]:
    try:
        pages = json.loads(record.read_text(encoding="ascii"))
        return {address: (key, digest) for address, (key, digest) in pages.items()}
    except (FileNotFoundError, ValueError, AttributeError, TypeError):  # none yet, or not one of ours
        return {}


def _link(source: Path, target: Path) -> None:
    """Both names for one file, as no page is ever written to once it stands; a copy where that can't be."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _keyed(key: str) -> str:
    return hashlib.sha256(f"{_code()}{key}".encode()).hexdigest()


@cache
def _code() -> str:
    """SHA-256 of the code and the templates that make the pages, and of the versions of what they use."""
    total = hashlib.sha256("".join(f"{name}={version(name)};" for name in PACKAGES).encode())
    for path in sorted([*CODE.glob("*.py"), *CODE.glob("templates/*.html")]):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
