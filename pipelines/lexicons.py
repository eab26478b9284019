"""The vocabulary under ``seeds/lexicons``: loaded, checked and compiled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Lexicons:
    """The compiled vocabulary."""


def load_lexicons(folder: Path) -> Lexicons:
    """Load every lexicon of ``folder``."""
    raise NotImplementedError(folder)
