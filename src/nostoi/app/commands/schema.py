"""``nostoi schema``: the JSON Schema of the YAML files, for editors that complete and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say
from nostoi.base.errors import Finding, NostoiError


def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write here instead of the screen.")
    ] = None,
) -> None:
    """Export the JSON Schema of case.yaml, people.yaml, params.yaml and observers.yaml."""
    from nostoi.case.export import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    if out is None:
        say(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        what = f"the file cannot be written ({error.strerror})"
        raise NostoiError(Finding(803, what, file=str(out))) from None
    say(f"Wrote {out}")
