"""``nostoi report``: one page that opens without a network, with tables and figures beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say, say_json


def report(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The report folder.")] = None,
    trust: Annotated[bool, typer.Option(help="Accept a rules.py in the case.")] = False,
    draws: Annotated[
        bool, typer.Option(help="Copy the draws too; they pass no disclosure control.")
    ] = False,
    scores: Annotated[
        Path | None, typer.Option(help="Folder of `nostoi score`: its scores enter the report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Write the report of a finished fit."""
    from nostoi.present.report import write_report

    paths = write_report(fit, out or fit / "report", trust=trust, draws=draws, scores=scores)
    if as_json:
        say_json({"format": 1, "ok": True, "report": str(paths.html)})
    else:
        say(f"Report: {paths.html.resolve()}")
