"""The charts' JavaScript: Vega, Vega-Lite and Vega-Embed in one file, from the locked vl-convert.

Making the file takes some seconds and depends on nothing but the package, so it is kept in the environment
that holds the package. Nothing is fetched.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path


def bundle() -> str:
    """The script, which sets ``vegaEmbed``."""
    kept = Path(sys.prefix) / "share" / "health-indicator-warehouse" / f"vega-{_name()}.js"
    if not kept.is_file():
        return _keep(_make(), kept)
    return kept.read_text(encoding="utf-8")


def _name() -> str:
    return version("vl-convert-python")


def _make() -> str:
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script


def _keep(script: str, kept: Path) -> str:
    """Keep the script if the environment can be written to; put there by rename, as two builds may do it."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        staged = kept.with_suffix(f".{os.getpid()}")
        staged.write_text(script, encoding="utf-8")
        staged.replace(kept)
    except OSError:  # an environment for reading only: it is made each time
        pass
    return script
