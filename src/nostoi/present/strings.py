"""All English sentences of the report, read from `strings.toml` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any


@cache
def _all() -> Mapping[str, Any]:
    place = resources.files("nostoi.present").joinpath("strings.toml")
    return tomllib.loads(place.read_text(encoding="utf-8"))


def text(key: str, **values: object) -> str:
    """The sentence under a dotted key, with its braces filled.

    Raises:
        KeyError: no such sentence.
    """
    found: Any = _all()
    for part in key.split("."):
        found = found[part]
    return str(found).format(**values) if values else str(found)


def section(key: str) -> dict[str, str]:
    """All sentences under one heading of the file."""
    return {name: str(value) for name, value in _all()[key].items()}


def label(group: str, name: str) -> str:
    """The label of a code, or the code itself when the file has none."""
    return str(_all().get(group, {}).get(name, name))
