"""The static site: everything a person looks at, written from the published DuckDB file alone.

The site needs no server and no network. Its place is a link to the folder ``.sites/a`` or ``.sites/b`` beside
it: the next site is written to the other one, and then the link changed by one rename. A reader never sees
half of a site, and at no moment none. Pages that are as they were are not written again, but taken over
(:mod:`pipelines.report.kept`).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from pipelines.report import (
    attainment,
    charts,
    documents_page,
    evidence,
    indicator_pages,
    overview,
    place_pages,
    quality_page,
)
from pipelines.report.kept import Kept
from pipelines.report.layout import Site
from pipelines.report.questions import Warehouse
from pipelines.settings import CannotBuild
from warehouse.files import SITE_OF, made, remove, share, state

STATIC = Path(__file__).parent / "static"
# What writes the pages, one module a kind.
PAGES: tuple[Callable[[Warehouse, Site], None], ...] = (
    charts.write_scripts,
    overview.write_pages,
    indicator_pages.write_pages,
    place_pages.write_pages,
    documents_page.write_pages,
    evidence.write_pages,
    quality_page.write_pages,
)


class SiteNotWritten(CannotBuild):
    """The published data are there, but not the site of them."""


def write_site(database: Path, folder: Path) -> None:
    """Write the site of the published file ``database`` as ``folder``, in place of the one that is there.

    What is kept for the next time stands in the private folder ``.state`` beside it. Raises
    :class:`SiteNotWritten` if the file can't be read or the folder written; what was there then stays.
    """
    shelf = _shelf(folder)
    try:
        private = state(folder.parent)
        made(shelf)
        staged = _room(shelf, folder)
        site = Site(staged, Kept(folder, private), private)
        _write_pages(database, site)
        share(staged)
        _put_in_place(staged, folder)
        site.kept.save()
    except (OSError, duckdb.Error) as error:
        raise SiteNotWritten(
            f"the data are published, but the site {folder} is not written: {error}; hiw report writes it"
        ) from error
    finally:
        _clear(shelf, folder)


def remove_site(folder: Path) -> None:
    """Take the site ``folder`` away, if there is one: it must not stand beside data it is not of."""
    remove(folder)
    remove(_shelf(folder))


def _shelf(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}s")


def _room(shelf: Path, folder: Path) -> Path:
    """The folder of the next site, empty."""
    _clear(shelf, folder)
    staged = shelf / ("b" if folder.resolve() == (shelf / "a").resolve() else "a")
    staged.mkdir()
    return staged


def _write_pages(database: Path, site: Site) -> None:
    shutil.copytree(STATIC, site.folder / "static")
    with Warehouse.open(database, site.folder.with_name("spill"), attainment.MADE) as warehouse:
        for write_pages in PAGES:
            write_pages(warehouse, site)
        [run] = warehouse.rows("SELECT build_id FROM build_run")
    (site.folder / SITE_OF).write_text(run["build_id"], encoding="utf-8")


def _put_in_place(staged: Path, folder: Path) -> None:
    """Let ``folder`` lead to ``staged``."""
    if folder.is_dir() and not folder.is_symlink():  # written by a version before 0.2
        folder.rename(staged.with_name("old"))
    link = staged.with_name("link")
    link.symlink_to(staged.relative_to(folder.parent))
    link.replace(folder)


def _clear(shelf: Path, folder: Path) -> None:
    """Take away every site but the one in place: the one before, or what a failure or a kill left."""
    for path in shelf.glob("*"):
        if path.resolve() != folder.resolve():
            remove(path)
