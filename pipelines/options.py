"""Options that several commands have."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import click

from pipelines.commands import OUTPUT
from pipelines.settings import from_environment


class _NamedPath(click.ParamType[Path]):
    """A path; an empty one, as an unset variable gives, would be the working directory and is refused."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("it names nothing: it is empty", param, ctx)
        return Path(value)


PATH = _NamedPath()


def _output(context: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    folder = given or from_environment().output
    if {"Cc", "Cs"} & set(map(unicodedata.category, str(folder))):  # DuckDB or polars would not open it
        raise click.BadParameter("the name must be UTF-8, without control characters")
    context.meta[OUTPUT] = folder
    return folder


output_option = click.option(
    "--output",
    metavar="DIR",
    type=PATH,
    callback=_output,
    help="Folder of the results. [default: $HIW_OUTPUT, or warehouse/]",
)
corrections_option = click.option(
    "--corrections",
    metavar="FILE",
    type=PATH,
    callback=lambda _context, _option, given: given or from_environment().corrections,
    help="What stewards corrected. [default: $HIW_CORRECTIONS, or seeds/corrections.csv]",
)
sources_option = click.option(
    "--sources",
    metavar="DIR",
    type=PATH,
    multiple=True,
    callback=lambda _context, _option, given: given or from_environment().sources,
    help="Folder with .txt documents; may be given more than once. [default: $HIW_SOURCES, or the samples]",
)
