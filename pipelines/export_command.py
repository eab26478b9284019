"""The command ``hiw export``: the published warehouse as CSV and SDMX, for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.options import PATH, output_option


@click.command()
@click.argument("folder", metavar="DIR", type=PATH)
@output_option
def export(folder: Path, output: Path) -> None:
    """Write every table and view as CSV to DIR, and the observations as SDMX-CSV.

    datapackage.json beside them says what each file and column is. Files of an earlier export are replaced;
    any other file in the way is left alone and nothing is written (exit status 1).
    """
    from warehouse.export import export

    exported = export(output, folder)
    click.echo(f"tables and views  {exported.files} as CSV")
    click.echo(f"observations      {exported.observations} of {exported.values} values as SDMX-CSV")
    click.echo(f"exported to       {folder}")
