"""The command ``hiw rollback``: an earlier build published once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.options import output_option
from pipelines.settings import CannotBuild

if TYPE_CHECKING:
    from warehouse.builds import Build


@click.command()
@output_option
@click.option("--to", "number", metavar="N", type=click.IntRange(min=1), help="The build to put back.")
@click.option("--list", "listed", is_flag=True, help="Only list the builds that are kept.")
def rollback(output: Path, number: int | None, listed: bool) -> None:
    """Publish the build before the present one once more, or any that is kept, and write its site.

    The build that is replaced, and those between, count as rolled back: `hiw build` leaves them out while the
    sources are as they were for them, unless it is told `--again`.
    """
    place = output.absolute()
    if listed:
        _list(place)
    else:
        _roll_back(place, number)


def _roll_back(output: Path, number: int | None) -> None:
    from pipelines import store
    from pipelines.report.site import write_site
    from warehouse import builds
    from warehouse.files import DATABASE

    if builds.current(output) is None:  # and no lock either, for which the folder would be made
        raise CannotBuild(f"nothing is published in {output}; hiw build does that")
    with store.locked(output):
        try:
            was, now = builds.put_back(output, number)
        except builds.RollbackError as error:
            raise CannotBuild(str(error)) from error
        click.echo(f"published  build {now.name} of {_time(now)}, in place of {was.name} of {_time(was)}")
        site = output / store.SITE
        if site.exists():  # else none is asked for
            write_site(output / DATABASE, site)
            click.echo(f"report     {site}/index.html")


def _list(output: Path) -> None:
    from warehouse import builds

    shown, ids = builds.current(output), builds.withdrawn(output)
    for build in builds.kept(output):
        state = "published" if build == shown else "rolled back" if build.build_id in ids else ""
        values = build.run.get("values_published", "?")
        click.echo(f"{build.name}  {_time(build)}  {values:>9} values  {state}".rstrip())


def _time(build: Build) -> str:
    return f"{build.published_at:%Y-%m-%d %H:%M} UTC"
