"""``nostoi compare``: what would be different, as paired differences with their intervals."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.case.case import Case
    from nostoi.study.compare import Comparison, Contrast


def compare(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    scenario: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios: names, files, or several joined by +; all by default."),
    ] = None,
    draws: Annotated[int, typer.Option(min=2, help="Draws of the posterior.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the draws.")] = 1,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A last day after the case's end.")
    ] = None,
    why: Annotated[int, typer.Option(min=0, help="Draws for each rule's part; 0 = none.")] = 4,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write tables here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Compare scenarios with the case as it was, draw by draw."""
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.app.fitted import case_of_fit
    from nostoi.study.compare import Order
    from nostoi.study.compare import compare as run

    case = case_of_fit(fit)
    words = tuple(scenario or sorted(case.scenarios))
    order = Order(words, fit, draws, seed, until.date() if until else None, why)
    found = run(case, order)
    tables = tables_of(case, fit, found)
    if out is not None:
        write(out, case, found, order, tables)
    if as_json:
        say_json(as_dict(found, tables))
    else:
        least = float(case.spec.disclosure.threshold)
        say("\n\n".join(as_text(found, k, tables, least) for k in range(len(found.contrasts))))


def tables_of(case: Case, fit: Path, found: Comparison) -> dict[str, Any]:
    """The released tables of a comparison by name."""
    from nostoi.present import contrast
    from nostoi.present.disclosure import Gate
    from nostoi.present.reading import informed_groups

    gate = Gate.of(case.spec.disclosure)
    return {
        "differences": contrast.totals(found, gate, informed_groups(fit)),
        "weeks": contrast.weekly(found, gate),
        "rules": contrast.rules(found, gate),
        "pairing": contrast.pairing(found),
        "fans": contrast.fans(found, gate),
    }


def write(out: Path, case: Case, found: Comparison, order: Any, tables: dict[str, Any]) -> None:
    """One CSV per table with its definition beside it."""
    from nostoi import __version__
    from nostoi.present.export import write_csv, write_figure
    from nostoi.present.folder import whole_folder

    meta = {
        "definition": "difference from the case without the scenario, same draw in both",
        "case": case.spec.name,
        "case_hash": case.hash,
        "nostoi": __version__,
        "draws": order.draws,
        "seed": order.seed,
        "end": found.dates[-1].isoformat(),
        "scenarios": {
            one.word: [plan.scenario.model_dump(mode="json", by_alias=True) for plan in one.plans]
            for one in found.contrasts
        },
    }
    with whole_folder(out, "differences.csv") as folder:
        for name, table in tables.items():
            if name != "fans":
                write_csv(folder / f"{name}.csv", table, meta | {"table": name})
        write_figure(folder, tables["fans"], meta)


def as_dict(found: Comparison, tables: dict[str, Any]) -> dict[str, Any]:
    """The comparison for a machine; the keys are stable (see docs/json-output.md)."""
    return {
        "format": 1,
        "ok": True,
        "end": found.dates[-1].isoformat(),
        "draws": len(found.numbers),
        "scenarios": [
            {
                "scenario": one.word,
                "since": one.since.isoformat(),
                "differences": _of(tables["differences"], one.word),
                "rules": _of(tables["rules"], one.word),
                "variance_ratio": dict(one.ratios),
            }
            for one in found.contrasts
        ],
    }


def _of(table: Any, word: str) -> list[dict[str, Any]]:
    """The rows of one scenario, without its name."""
    return [{k: v for k, v in row.items() if k != "scenario"}
            for row in table.rows if row["scenario"] == word]  # fmt: skip


def as_text(found: Comparison, k: int, tables: dict[str, Any], least: float = 10.0) -> str:
    """One scenario for a reader; `least` is the threshold of the case."""
    from nostoi.present.contrast import said, share_said

    one: Contrast = found.contrasts[k]
    title = " + ".join(plan.scenario.title for plan in one.plans)
    lines = [f"{one.word}: {title}", f"from {one.since} to {found.dates[-1]}; differences in "
             "persons, median and 90 % interval:"]  # fmt: skip
    rows = _of(tables["differences"], one.word)
    plain = [row for row in rows if row["of"] in ("", "any", "12m")]
    lines += [f"  {row['what']:26s} {row['of']:4s} {said(row)}" for row in plain]
    lines += [f"  where: {line}" for line in _places(rows)]
    lines += [f"  when: {line}" for line in _when(found, one, least)]
    if found.why and found.why[k]:
        parts = ", ".join(share_said(share) for share in found.why[k][:6])
        lines.append(f"  carried by (share of the difference abroad that goes with it): {parts}")
    lines.append(
        f"  variance of the difference over that of two separate runs: {one.ratios['stock']:.2g}"
    )
    return "\n".join(lines)


def _places(rows: list[dict[str, Any]]) -> list[str]:
    """The hosts whose stock changes most."""
    from nostoi.present.contrast import said

    hosts = [row for row in rows if row["what"] == "in the host at the end" and row["median"]]
    hosts.sort(key=lambda row: -abs(row["median"]))
    return [f"{row['of']} {said(row)}" for row in hosts[:4]]


def _when(found: Comparison, one: Contrast, least: float) -> list[str]:
    """The weeks in which most leave or go home."""
    from nostoi.present.contrast import MOVES, peak, signed

    weeks = [(name, *peak(one, found.dates, name)) for name in ("leave", "home")]
    return [
        f"most {MOVES[name]} in the week to {week} (mean {signed(round(size, -1))})"
        for name, week, size in weeks
        if abs(round(size, -1)) >= least
    ]
