"""Tags: ``key=value; key=value`` in one cell, carried along for exchange and read by no engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote


def write_tags(pairs: Iterable[tuple[str, str]]) -> str:
    """One cell from pairs; signs that would end a pair are written as %XX."""
    return "; ".join(f"{_safe(key)}={_safe(value)}" for key, value in pairs)


def read_tags(cell: str) -> Mapping[str, str]:
    """The pairs of a cell in their order."""
    parts = [part.strip().partition("=") for part in cell.split(";") if part.strip()]
    return {unquote(key): unquote(value) for key, _, value in parts}


def _safe(text: str) -> str:
    """Text without the signs that separate tags."""
    return text.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")
