"""The command ``hiw report``: the site once more, from what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.settings import CannotBuild, from_environment


@click.command()
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the published results. [default: $HIW_OUTPUT, or warehouse/]",
)
def report(output: Path | None) -> None:
    """Write the site of the published warehouse: DIR/site/index.html, to be opened in any browser.

    A build writes it too; this is for a site that was taken away or could not be written.
    """
    from pipelines import store
    from pipelines.report.site import write_site
    from warehouse.publish import DATABASE

    place = output or from_environment().output
    try:
        if not (place / DATABASE).is_file():
            raise CannotBuild(f"nothing is published in {place}; hiw build does that")
        with store.locked(place):
            write_site(place / DATABASE, place / store.SITE)
    except CannotBuild as error:
        click.echo(f"hiw: {' '.join(str(error).splitlines())}", err=True)
        raise SystemExit(1) from None
    click.echo(f"report     {place / store.SITE}/index.html")
