"""Where documents and batches are: in a folder, or below a URL that fsspec knows, as ``s3://bucket/plans``."""

from __future__ import annotations

import os
import re
from pathlib import Path

_BETWEEN = re.compile(rf"{os.pathsep}(?!//)")


class Url(str):
    """A URL without a slash at its end."""

    @property
    def name(self) -> str:
        """Its last part."""
        return self.rsplit("/", 1)[-1]


Place = Path | Url


def place(text: str) -> Place:
    """The place that a person wrote as ``text``."""
    return Url(text.rstrip("/")) if "://" in text else Path(text)


def places(text: str) -> tuple[Place, ...]:
    """The places in ``text``, joined by ``os.pathsep``; that of a URL does not part anything."""
    return tuple(place(part) for part in _BETWEEN.split(text) if part)
