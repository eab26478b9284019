"""The command ``hiw export``: the published warehouse as CSV and SDMX, for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.settings import from_environment


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the published results. [default: $HIW_OUTPUT, or warehouse/]",
)
def export(folder: Path, output: Path | None) -> None:
    """Write every table and view as CSV to DIR, and the observations as SDMX-CSV.

    datapackage.json beside them says what each file and column is. Files of an earlier export are replaced;
    any other file in the way is left alone and nothing is written (exit status 1).
    """
    from warehouse.export import ExportError, export

    try:
        exported = export(output or from_environment().output, folder)
    except ExportError as error:
        click.echo(f"hiw: {' '.join(str(error).splitlines())}", err=True)
        raise SystemExit(1) from None
    click.echo(f"tables and views  {exported.files} as CSV")
    click.echo(f"observations      {exported.observations} of {exported.values} values as SDMX-CSV")
    click.echo(f"exported to       {folder}")
