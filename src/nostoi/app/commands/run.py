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
    import os

    from rich.console import Console
    from rich.progress import Progress

    from nostoi.base.numerics import prepare
    from nostoi.case.load import load

    case = load(folder)
    prepare()
    from nostoi.infer.runs import Order, run_case, summary, write_run
    from nostoi.present.disclosure import Gate
    from nostoi.present.runs import UNPROTECTED, released_run
    from nostoi.present.words import number

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
    gate = Gate(case.spec.disclosure.threshold, case.spec.disclosure.round_to)
    path = write_run(released_run(data, gate, protect=not os.environ.get(UNPROTECTED)), out)
    found = {name: gate.count(value) for name, value in summary(data).items()}
    if as_json:
        head = {"format": 1, "ok": True, "run": str(path), "engine": order.engine, "seed": seed}
        how = {"agents": int(data.attrs["agents"]), "journeys": data.attrs["journeys"]}
        say_json({**head, **how, "totals": found})
    else:
        lines = [f"  {name.replace('_', ' '):12s} {number(v):>14s}" for name, v in found.items()]
        say("\n".join([f"{case.spec.name}, {engine}, seed {seed}: {path}", *lines]))
