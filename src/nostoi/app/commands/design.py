"""``nostoi design``: which survey or count to pay for, by how much it would tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.case.candidates import Wanted


def design(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    candidates: Annotated[Path, typer.Option(help="YAML file of the candidates.")],
    replications: Annotated[
        int, typer.Option(min=0, help="Simulated measurements for the check; 0 = none.")
    ] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Of the simulated measurements.")] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Rank candidate measurements by the variance that they would take away, per cost."""
    from nostoi.app.fitted import case_of_fit
    from nostoi.case.candidates import read_candidates
    from nostoi.present.disclosure import Gate
    from nostoi.present.worth import plot, ranked
    from nostoi.study import design as study

    case = case_of_fit(fit)
    asked = read_candidates(candidates, case)
    drawn = study.read_quantities(fit, case.hash)
    wanted = study.quantity_of(drawn, asked.quantity)
    verdicts = study.evaluate(case, drawn, asked, seed)
    checks = {
        one.name: study.check(one, wanted, study.signal_of(case, drawn, one), replications, seed)
        for one in asked.candidates
        if replications > 1
    }
    gate = Gate.of(case.spec.disclosure)
    persons = asked.quantity.what != "returned_share"
    table = ranked(verdicts, checks, float(wanted.std()), gate, persons)
    if out is not None:
        meta = {
            "definition": "expected share of the posterior variance that a measurement takes away",
            "quantity": asked.quantity.model_dump(mode="json"),
            "case": case.spec.name,
            "case_hash": case.hash,
            "seed": seed,
            "replications": replications,
        }
        write(out, plot(table, words_of(asked.quantity)), meta)
    if as_json:
        say_json(
            {
                "format": 1,
                "ok": True,
                "quantity": asked.quantity.model_dump(mode="json"),
                "candidates": list(table.rows),
            }
        )
    else:
        say(as_text(asked.quantity, list(table.rows)))


def write(out: Path, figure: Any, meta: dict[str, Any]) -> None:
    """The table, its definition and the plot."""
    from nostoi import __version__
    from nostoi.present.export import write_figure
    from nostoi.present.folder import whole_folder

    with whole_folder(out, "design.csv") as folder:
        write_figure(folder, figure, meta | {"nostoi": __version__})


def words_of(wanted: Wanted) -> str:
    """The quantity in words."""
    where = f" in {wanted.place}" if wanted.place else ""
    return f"{wanted.what.replace('_', ' ')}{where} ({wanted.rule}) on {wanted.date}"


def as_text(wanted: Wanted, rows: list[dict[str, Any]]) -> str:
    """The ranked table for a reader."""
    lines = [
        f"How much of the variance of {words_of(wanted)} each measurement would take away,",
        "ranked by cut per cost unit:",
        f"  {'':24s} {'cost':>6s} {'cut':>15s} {'if normal':>9s} {'realised':>15s} {'draws':>6s}",
    ]
    for row in rows:
        cut = f"{row['expected_cut']:.3f} +- {row['monte_carlo_error']:.3f}"
        real = ""
        if "realised_cut" in row:
            real = f"{row['realised_cut']:.3f} +- {row['realised_error']:.3f}"
        few = "" if row["enough_draws"] == "yes" else "  too few draws keep weight"
        lines.append(
            f"  {row['candidate']:24s} {row['cost']:6g} {cut:>15s} {row['cut_if_normal']:9.3f} "
            f"{real:>15s} {row['effective_draws']:6.0f}{few}"
        )
    lines.append(
        "draws: effective draws behind a weighted variance; realised: measurements made in"
    )
    lines.append("simulated worlds that had no part in the expected cut.")
    return "\n".join(lines)
