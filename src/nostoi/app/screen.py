"""What the shell writes: results to the standard output, complaints to the standard error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import typer


def say(text: str) -> None:
    """A result, as plain text."""
    typer.echo(text)


def say_json(data: Mapping[str, Any]) -> None:
    """A result for a machine: one JSON document, and nothing else on the standard output."""
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False))


def say_error(text: str) -> None:
    """A complaint or what is being done, as plain text on the standard error."""
    typer.echo(text, err=True)
