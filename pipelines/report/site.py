"""The static site: everything a person looks at, written from the published DuckDB file alone.

The site needs no server and no network. It is written beside its place and put there by one rename, so that a
reader never sees half of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines.report import quality_page
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse

STATIC = Path(__file__).parent / "static"
SITE = "site"
# What writes the pages, one module a kind.
PAGES: tuple[Callable[[Warehouse, Site], None], ...] = (quality_page.write_pages,)


def write_site(database: Path, folder: Path) -> None:
    """Write the site of the published file ``database`` as the folder ``folder``, in place of what is there.

    Raises ``OSError`` if the folder can't be written and ``duckdb.Error`` if the file can't be read; what was
    there then stays.
    """
    staged = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    try:
        shutil.copytree(STATIC, staged / "static")
        with Warehouse.open(database) as warehouse:
            site = Site(staged)
            for write_pages in PAGES:
                write_pages(warehouse, site)
        _put_in_place(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _put_in_place(staged: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    staged.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
