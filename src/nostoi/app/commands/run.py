"""``nostoi run``: play a case forward by one of the engines and write what happened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nostoi.app.screen import say, say_json


def run(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for run.nc.")],
    engine: Annotated[
        Literal["agents", "agents-without-roads", "cohorts"],
        typer.Option(
            help="Single people, who travel leg by leg where the case has towns and legs, or with "
            "trips of drawn length; or expected numbers."
        ),
    ] = "agents",
    people: Annotated[
        int | None, typer.Option(min=1, help="Agents in all; one for every person by default.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed; the case's own by default.")
    ] = None,
    posterior: Annotated[
        Path | None, typer.Option(help="Fit folder; prior medians by default.")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, help="Draws of the fit, one run each.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Play a case forward, day by day, and write run.nc."""
    from rich.console import Console
    from rich.progress import Progress

    from nostoi.base.numerics import prepare
    from nostoi.case.load import load

    case = load(folder)
    prepare()
    from nostoi.infer.runs import Order, run_case, summary
    from nostoi.present.disclosure import Gate
    from nostoi.present.run_file import totals, write_run

    seed = case.spec.seed if seed is None else seed
    order = Order(
        engine="cohorts" if engine == "cohorts" else "agents",
        people=people,
        seed=seed,
        fit=posterior,
        draws=draws,
        journeys=engine == "agents",
    )
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Playing days", total=None)
        data = run_case(
            case, order, lambda done, total: progress.update(task, completed=done, total=total)
        )
    gate = Gate.of(case.spec.disclosure)
    path = write_run(data, out, gate)
    found = totals(summary(data), gate)
    if as_json:
        head = {"format": 1, "ok": True, "run": str(path), "engine": order.engine, "seed": seed}
        how = {"agents": int(data.attrs["agents"]), "journeys": data.attrs["journeys"]}
        say_json({**head, **how, "totals": found})
    else:
        lines = [f"  {name.replace('_', ' '):12s} {_said(value):>14s}"
                 for name, value in found.items()]  # fmt: skip
        say("\n".join([f"{case.spec.name}, {engine}, seed {seed}: {path}", *lines]))


def _said(value: float | None) -> str:
    return "withheld" if value is None else f"{value:,.0f}"
