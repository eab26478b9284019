"""The command ``hiw report``: the site once more, from what is published."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.options import output_option
from pipelines.settings import CannotBuild


@click.command()
@output_option
def report(output: Path) -> None:
    """Write the site of the published warehouse: DIR/site/index.html, to be opened in any browser.

    A build writes it too; this is for a site that was taken away or could not be written.
    """
    from pipelines import store
    from pipelines.report.site import write_site
    from warehouse.publish import DATABASE

    if not (output / DATABASE).is_file():
        raise CannotBuild(f"nothing is published in {output}; hiw build does that")
    with store.locked(output):
        write_site(output / DATABASE, output / store.SITE)
    click.echo(f"report     {output / store.SITE}/index.html")
