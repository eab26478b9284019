"""Options that several commands have."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import click

from pipelines.commands import OUTPUT
from pipelines.places import Place, place
from pipelines.settings import ENGINES, from_environment


class _NamedPath(click.ParamType[Path]):
    """A path; an empty one, as an unset variable gives, would be the working directory and is refused."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value):
            self.fail("it names nothing: it is empty", param, ctx)
        return Path(value)


class _NamedPlace(click.ParamType[Place]):
    """A folder or a URL, under the same condition."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Place:
        return place(value) if "://" in str(value) else PATH.convert(value, param, ctx)


PATH = _NamedPath()
PLACE = _NamedPlace()


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
engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    callback=lambda _context, _option, given: given or from_environment().engine,
    help="Who reads and checks: this machine, or a Ray cluster. [default: $HIW_ENGINE, or local]",
)
address_option = click.option(
    "--address",
    metavar="ADDRESS",
    callback=lambda _context, _option, given: given or from_environment().address,
    help="Of the cluster: auto, local or HOST:PORT. [default: $HIW_RAY_ADDRESS, or auto]",
)
shared_option = click.option(
    "--shared",
    metavar="DIR",
    type=PLACE,
    callback=lambda _context, _option, given: given or from_environment().shared,
    help="Folder or URL for what is read, seen by all nodes. [default: $HIW_SHARED, or in the output folder]",
)
site_option = click.option(
    "--site/--no-site",
    default=None,
    callback=lambda _context, _option, given: from_environment().site if given is None else given,
    help="Whether to write the site; hiw report writes it later. [default: $HIW_SITE, or a site]",
)
sources_option = click.option(
    "--sources",
    metavar="DIR",
    type=PLACE,
    multiple=True,
    callback=lambda _context, _option, given: given or from_environment().sources,
    help="Folder or URL with .txt documents; may be given again. [default: $HIW_SOURCES, or the samples]",
)
