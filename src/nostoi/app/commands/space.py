"""``nostoi space``: who is in which camp, told by arms that differ in what they have seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nostoi.app.screen import say, say_json

Arm = Literal["no-peeking", "forecast", "all"]


def space(
    folder: Annotated[Path, typer.Argument(help="A case with sites.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The folder to make.")],
    arm: Annotated[Arm, typer.Option(help="What to run; see docs/arms.md.")] = "all",
    members: Annotated[int, typer.Option(min=20, help="Size of the ensembles.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of all draws.")] = 1,
    hindsight: Annotated[
        bool, typer.Option(help="As if all new registrations had been known from the start.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Forecast camps from what was published, and hold it against what came."""
    from nostoi.app.folders import refuse_existing
    from nostoi.base.errors import Finding, NostoiError
    from nostoi.case.load import load
    from nostoi.present.arms import write_arms
    from nostoi.present.arms_rows import error_rows, score_rows
    from nostoi.study.arms.run import ARMS, data_of, run_arms

    refuse_existing(out)
    case = load(folder)
    data = data_of(case, hindsight)
    try:
        found = run_arms(data, ARMS if arm == "all" else (arm,), members=members, seed=seed)
    except ValueError as error:
        do = "take a case with camps and a longer period"
        raise NostoiError(Finding(309, str(error), file=str(folder), do=do)) from None
    page = write_arms(found, case, out)
    if as_json:
        scores = score_rows(found.scores)
        errors = error_rows(found.errors)
        say_json({"format": 1, "ok": True, "page": str(page), "errors": errors, "scores": scores})
    else:
        say(f"Tables: {page.resolve()}")
