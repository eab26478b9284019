"""The command ``hiw export``: the published warehouse as CSV and SDMX, for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.settings import from_environment


def _folder(_context: click.Context, _parameter: click.Parameter, name: str | None) -> Path | None:
    """The folder of that name; an empty one, as an unset variable gives, would be the working directory."""
    if name == "":
        raise click.BadParameter("it names no folder: it is empty")
    return None if name is None else Path(name)


@click.command()
@click.argument("folder", metavar="DIR", callback=_folder)
@click.option(
    "--output",
    metavar="DIR",
    callback=_folder,
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
