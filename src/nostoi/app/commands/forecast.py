"""``nostoi forecast``: fans beyond the end of the case, peaks for planners, quantiles for hubs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.case.case import Case
    from nostoi.study.forecast import Forecast


def forecast(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day.")],
    scenario: Annotated[str, typer.Option(help="A scenario, or several joined by +.")] = "",
    draws: Annotated[int, typer.Option(min=20, help="Draws of the posterior.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Chooses the draws.")] = 1,
    per_thousand: Annotated[
        str,
        typer.Option(help="Beds per 1,000 arrivals of the busiest week, desks of the busiest day."),
    ] = "beds=100,desks=10",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Forecast stocks, flows and arrivals beyond the end of the case."""
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.app.fitted import case_of_fit
    from nostoi.study.forecast import Order
    from nostoi.study.forecast import forecast as run

    ratios = ratios_of(per_thousand)
    case = case_of_fit(fit)
    found = run(case, Order(fit, until.date(), scenario, draws, seed))
    tables = tables_of(case, found, ratios)
    if out is not None:
        write(out, case, found, tables, {"draws": draws, "seed": seed, "scenario": scenario})
    if as_json:
        say_json(as_dict(found, tables))
    else:
        say(as_text(found, tables))


def ratios_of(text: str) -> dict[str, float]:
    """Beds and desks per 1,000 arrivals from ``beds=100,desks=10``.

    Raises:
        NostoiError: N612 for anything else.
    """
    from nostoi.base.errors import Finding, NostoiError

    found = {"beds": 100.0, "desks": 10.0}
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        try:
            found[name] = float(number) if name in found else -1.0
        except ValueError:
            found[name] = -1.0
        if not 0.0 <= found[name] < float("inf"):
            do = "write beds=100,desks=10 with numbers from 0"
            raise NostoiError(Finding(612, f"{part.strip()!r} is no ratio", do=do))
    return found


def tables_of(case: Case, found: Forecast, ratios: dict[str, float]) -> dict[str, Any]:
    """The released tables of a forecast by name."""
    from nostoi.present import outlook
    from nostoi.present.disclosure import Gate
    from nostoi.study.posts import post_peaks

    gate = Gate.of(case.spec.disclosure)
    return {
        "forecast": outlook.hub(found, gate),
        "peaks": outlook.peak_table(found, gate, ratios["beds"], ratios["desks"]),
        "posts": outlook.post_table(found, post_peaks(case, found), gate, ratios["desks"]),
        "ready": outlook.ready_table(found, gate),
        "fans": outlook.fans(found, gate),
    }


def write(
    out: Path, case: Case, found: Forecast, tables: dict[str, Any], order: dict[str, Any]
) -> None:
    """CSV files with their definitions, and the fans as pictures with their data."""
    from nostoi import __version__
    from nostoi.present.export import write_csv, write_figure
    from nostoi.present.folder import whole_folder

    meta = {
        "definition": "expected persons by draw of the fit; regimes and money go on as on the "
        "reference date, moods and what no evidence speaks of are drawn from their priors; counts "
        "on single days scatter more",
        "case": case.spec.name,
        "case_hash": case.hash,
        "nostoi": __version__,
        "reference_date": found.reference.isoformat(),
        **order,
    }
    with whole_folder(out, "forecast.csv") as folder:
        for name in ("forecast", "peaks", "posts", "ready"):
            write_csv(folder / f"{name}.csv", tables[name], meta | {"table": name})
        for figure in tables["fans"]:
            write_figure(folder, figure, meta)


def as_dict(found: Forecast, tables: dict[str, Any]) -> dict[str, Any]:
    """The forecast for a machine; the keys are stable (see docs/json-output.md)."""
    return {
        "format": 1,
        "ok": True,
        "reference_date": found.reference.isoformat(),
        "until": found.days[-1].isoformat(),
        "scenario": "+".join(plan.name for plan in found.plans),
        "quantiles": list(tables["forecast"].rows),
        "peaks": list(tables["peaks"].rows),
        "posts": list(tables["posts"].rows),
        "ready": list(tables["ready"].rows),
    }


def as_text(found: Forecast, tables: dict[str, Any]) -> str:
    """The forecast for a reader."""
    under = " + ".join(plan.scenario.title for plan in found.plans)
    lines = [
        f"From {found.reference} to {found.days[-1]}" + (f", if: {under}" if under else ""),
        "Medians and 90 % intervals, persons:",
    ]
    last = found.dates[-1].isoformat()
    for target in ("stock abroad any", "stock returned any", "wk inc departures", "wk inc returns"):
        lines.append(f"  {target:22s} on {last}: {_interval(tables['forecast'], target, last)}")
    lines.append("Busiest day and week of arrivals (expected; single days scatter more):")
    for row in tables["peaks"].rows:
        if row["what"].startswith("busiest") or row["unit"] in ("beds", "desks"):
            lines.append(f"  {row['host']}  {row['what']:26s} {_said(row)}")
    if tables["posts"].rows:
        lines.append("Busiest day by border post, shared out by the best ways on free roads:")
        lines += [
            f"  {row['post']:16s} {_said(row)}, room for {row['capacity_per_day']:,.0f}"
            for row in tables["posts"].rows
            if row["what"] == "busiest day"
        ]
    lines.append("Share of those returned, on the last day:")
    lines += [f"  {row['what']:6s} {_said(row, '.2f')}" for row in tables["ready"].rows]
    return "\n".join(lines)


def _interval(table: Any, target: str, day: str) -> str:
    """Median and 90 % interval of one target everywhere on one date."""
    cells = {
        row["output_type_id"]: row["value"]
        for row in table.rows
        if (row["target"], row["target_end_date"], row["location"]) == (target, day, "ALL")
    }
    if not cells:
        return "withheld"
    return f"{cells[0.5]:,.0f} ({cells[0.05]:,.0f} to {cells[0.95]:,.0f})"


def _said(row: Any, form: str = ",.0f") -> str:
    """Median and 90 % interval of a row."""
    shown = ["withheld" if row[k] is None else format(row[k], form)
             for k in ("median", "low90", "high90")]  # fmt: skip
    return f"{shown[0]} ({shown[1]} to {shown[2]})"
