"""The charts' JavaScript: Vega, Vega-Lite and Vega-Embed in one file, from the locked vl-convert.

Making the file takes some seconds and depends on nothing but the package, so it is kept in the private folder
of the output. Nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from pathlib import Path


def bundle(state: Path) -> str:
    """The script, which sets ``vegaEmbed``; made once for the folder ``state`` and version of the package."""
    kept = state / f"vega-{version('vl-convert-python')}.js"
    if not kept.is_file():
        _keep(_make(), kept)
    return kept.read_text(encoding="utf-8")


@cache  # a process that writes several sites, as the tests do, makes it once
def _make() -> str:
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script


def _keep(script: str, kept: Path) -> None:
    """Keep the script, put there by rename, so that it is whole; those of other versions go."""
    for old in kept.parent.glob("vega-*"):
        old.unlink()
    staged = kept.with_suffix(".new")
    staged.write_text(script, encoding="utf-8")
    staged.replace(kept)
