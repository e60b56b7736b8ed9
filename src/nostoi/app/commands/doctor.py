"""``nostoi doctor``: what is wrong with a finished fit, how bad it is, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say, say_error, say_json

SERIOUS = 1


def doctor(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Examine a finished fit; the exit code is 1 if a finding is serious."""
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.app.fitted import case_of_fit
    from nostoi.present.doctor import as_dict, as_text
    from nostoi.study.doctor.examine import examine

    case = case_of_fit(fit)
    say_error("Examining the fit; of a large one it takes half a minute ...")
    found = examine(case, fit)
    serious = any(finding.serious for finding in found)
    if as_json:
        listed = [as_dict(finding) for finding in found]
        say_json({"format": 1, "ok": not serious, "findings": listed})
    else:
        say(as_text(found))
    if serious:
        raise typer.Exit(SERIOUS)
