"""The static site: everything a person looks at, written from the published DuckDB file alone.

The site needs no server and no network. It is written beside its place and put there by one rename, so that a
reader never sees half of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.report import charts, documents_page, indicator_pages, overview, place_pages, quality_page
from pipelines.report.evidence import write_evidence_pages
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse
from pipelines.settings import CannotBuild
from warehouse.files import SITE_OF, share

STATIC = Path(__file__).parent / "static"
# What writes the pages, one module a kind.
PAGES: tuple[Callable[[Warehouse, Site], None], ...] = (
    charts.write_scripts,
    overview.write_pages,
    indicator_pages.write_pages,
    place_pages.write_pages,
    documents_page.write_pages,
    write_evidence_pages,
    quality_page.write_pages,
)


class SiteNotWritten(CannotBuild):
    """The published data are there, but not the site of them."""


def write_site(database: Path, folder: Path) -> None:
    """Write the site of the published file ``database`` as the folder ``folder``, in place of what is there.

    Raises :class:`SiteNotWritten` if the file can't be read or the folder written; what was there then stays.
    """
    staged = folder.with_name(f".{folder.name}.new")
    try:
        shutil.rmtree(staged, ignore_errors=True)
        staged.mkdir(parents=True)
        _write_pages(database, staged)
        share(staged)
        _put_in_place(staged, folder)
    except (OSError, duckdb.Error) as error:
        raise SiteNotWritten(
            f"the data are published, but the site {folder} is not written: {error}; hiw report writes it"
        ) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write_pages(database: Path, folder: Path) -> None:
    shutil.copytree(STATIC, folder / "static")
    with Warehouse.open(database) as warehouse:
        site = Site(folder)
        for write_pages in PAGES:
            write_pages(warehouse, site)
        [run] = warehouse.rows("SELECT build_id FROM build_run")
    (folder / SITE_OF).write_text(run["build_id"], encoding="utf-8")


def _put_in_place(staged: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    staged.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
