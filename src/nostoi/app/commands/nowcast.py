"""``nostoi nowcast``: take new figures of a case into a finished fit, at a fraction of its cost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say, say_json


def nowcast(
    folder: Annotated[Path, typer.Argument(help="The case folder with the new figures.")],
    fit: Annotated[Path, typer.Argument(help="The finished fit to update.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The fit folder to make.")],
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Use only what was known on this day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Update a fit with new figures by weighting its draws; refuses where that is not enough."""
    from rich.console import Console

    from nostoi.app.commands.fit import Stages, summary
    from nostoi.base.numerics import prepare
    from nostoi.case.load import load

    load(folder)
    prepare()
    from nostoi.infer.update import update

    stages = Stages(Console(stderr=True))
    day = None if as_of is None else as_of.date()
    meta = update(folder, fit, out, as_of=day, hear=stages.hear)
    if as_json:
        say_json({"format": 1, "ok": True, "fit": str(out), **meta})
    else:
        khat = "all draws count the same" if meta["khat"] is None else f"k-hat {meta['khat']:.2f}"
        say(f"Updated from {meta['updated_from']}: {khat}, worth {meta['weights_worth']} draws.")
        say(summary(meta, out))
