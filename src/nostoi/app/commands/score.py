"""``nostoi score``: refit as of earlier days, forecast what came later, and compare with rivals."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_error, say_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nostoi.case.case import Case
    from nostoi.study.score import Guess, Mark


def score(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    as_of: Annotated[str, typer.Option(help="Days of the vintages, with commas between.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the fits and the scores.")],
    quick: Annotated[bool, typer.Option(help="Quick fits; the scores say so.")] = False,
    draws: Annotated[int, typer.Option(min=50, help="Draws of each fit that are used.")] = 400,
    chain_draws: Annotated[int, typer.Option(min=50, help="Draws per chain of each fit.")] = 400,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed; the case's own by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Score forecasts of vintages; fits that are there already are kept, others are made."""
    from nostoi.base.numerics import prepare
    from nostoi.case.load import load
    from nostoi.case.vintage import as_of as known

    case = load(folder)
    days = days_of(as_of)
    for day in days:
        known(case, day)
    prepare()
    from nostoi.infer.fit import fit
    from nostoi.infer.settings import Settings
    from nostoi.study.score import guesses, marks

    number = case.spec.seed if seed is None else seed
    settings = Settings(seed=number).exactly(chain_draws)
    for day in days:
        say_error(f"Fit as of {day} ...")
        fit(folder, out / f"as-of-{day}", settings, quick=quick, as_of=day)
    made = guesses(case, days, lambda day: out / f"as-of-{day}", draws, number)
    found = marks(made)
    meta = {
        "definition": "mean scores of figures on stocks and flows four and more weeks ahead, "
        "published after the day of each fit; lower is better",
        "case": case.spec.name,
        "case_hash": case.hash,
        "as_of": [day.isoformat() for day in days],
        "quick": quick,
    }
    write(out, case, made, found, meta)
    if as_json:
        say_json({"format": 1, "ok": True, "as_of": meta["as_of"], "quick": quick,
                  "scores": [one.__dict__ for one in found]})  # fmt: skip
    else:
        say(as_text(found, quick))


def days_of(text: str) -> tuple[date, ...]:
    """Days from ``2022-10-31,2022-12-31``.

    Raises:
        NostoiError: N113 for what is no day.
    """
    from nostoi.base.errors import Finding, NostoiError

    try:
        return tuple(date.fromisoformat(part.strip()) for part in text.split(","))
    except ValueError as error:
        raise NostoiError(Finding(113, str(error), do="write 2022-10-31,2022-12-31")) from None


def write(out: Path, case: Case, made: Sequence[Guess], found: Sequence[Mark], meta: Any) -> None:
    """Scores with their plot, and all forecasts, beside the fits."""
    from nostoi import __version__
    from nostoi.present.disclosure import Gate
    from nostoi.present.export import write_csv, write_figure
    from nostoi.present.marks import forecasts, plot
    from nostoi.present.scored import write_scored

    if not found:
        return
    gate = Gate.of(case.spec.disclosure)
    full = meta | {"nostoi": __version__}
    write_scored(out, found, full["as_of"], full["quick"])
    write_csv(out / "forecasts.csv", forecasts(made, gate), full)
    write_figure(out, plot(found), full)


def as_text(found: Sequence[Mark], quick: bool) -> str:
    """The scores for a reader."""
    from nostoi.study.score import ratios

    if not found:
        return "No figure on a stock or flow was published four or more weeks later."
    lines = ["APPROXIMATE fits (--quick)."] if quick else []
    lines.append(f"{found[0].figures} figures on stocks and flows, four and more weeks ahead:")
    head = ("", "WIS of logs", "WIS", "CRPS", "in 80 %", "bias")
    lines.append("{:20s} {:>11s} {:>12s} {:>12s} {:>8s} {:>6s}".format(*head))
    lines += [
        f"{one.who:20s} {one.wis_log:11.3f} {one.wis:12.0f} {one.crps:12.0f} "
        f"{100 * one.coverage:6.0f} % {one.bias:+6.2f}"
        for one in found
    ]
    lines += [
        f"WIS over that of {name}: {logs:.2f} of logs, {plain:.2f} in persons"
        for name, (logs, plain) in ratios(found).items()
    ]
    return "\n".join(lines)
