"""``nostoi explain``: why a person of a kind would make a move, rule by rule."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.study.explain import Explanation


def explain(
    move: Annotated[str, typer.Argument(help="leave, leave_again, go_home, move_on or call_up.")],
    who: Annotated[str, typer.Option(help='A group: "exposed_means, days=120, savings=2".')],
    at: Annotated[str, typer.Option(help="Place where the person is.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Date.")],
    case: Annotated[Path, typer.Option(help="The case folder.")] = Path("cases/russia-2022"),
    fit: Annotated[Path | None, typer.Option(help="Fit folder: the point at its centre.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Print each push and ability behind a rate, with its contribution."""
    from nostoi.case.load import load

    loaded = load(case)
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.infer.model import target_of
    from nostoi.infer.whiten import load_whitening
    from nostoi.study.explain import explain as explain_move

    z = None if fit is None else load_whitening(fit / "map.npz").centre
    found = explain_move(target_of(loaded), move, who, at, on.date(), z)
    if as_json:
        say_json({"format": 1, "ok": True, **found.as_dict()})
    else:
        say(as_text(found))


def as_text(found: Explanation) -> str:
    """The explanation for a reader."""
    lines = [
        f"{found.move}: {found.per_day:.3g} per day, {100 * found.within_30_days:.2g} % in 30 days",
        f"at {found.at} on {found.on}; base {found.base:.3g} per day, times:",
    ]
    for term in found.terms:
        shown = f"{term.value:+.2f}" if term.kind == "push" else f"{100 * term.value:.0f} %"
        lines.append(f"  x {term.factor:8.3g}  {term.rule:24s} {shown:>7s}  {term.says}")
    lines.append("who: " + ", ".join(f"{k} {v:.3g}" for k, v in found.who.items()))
    return "\n".join(lines)
