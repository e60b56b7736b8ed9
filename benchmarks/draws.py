"""How many draws a chain a finished fit would have needed, and where its time went.

    python benchmarks/draws.py FIT [OTHER ...] [--markdown FILE]

A chain does not depend on how many draws are asked of it, so the first N draws of every chain
are the fit that `--draws N` would have made. The last N say how far that was luck, and fits with
other seeds say it better. Every unknown and every quantity that a report may print is measured.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.infer.diagnostics import judge, measure

LENGTHS = (300, 450, 500, 600, 650, 700, 800, 900, 1000, 1100)
SEED_LENGTHS = LENGTHS[-4:]
GROUPS = ("posterior", "quantities")
MIDNIGHT = "T00:00:00.000000000"
HEAD = """| draws a chain | which | R-hat | bulk | tail | within the limits | worst tail |
|---|---|---|---|---|---|---|"""

SEED_HEAD = "| seed " + HEAD.replace("\n|", "\n|---|")


@dataclass(frozen=True)
class Part:
    """Elements that move of one variable of the file: their names and draws [chain, draw, .]."""

    names: list[str]
    draws: Any


def moving(fit: Path) -> list[Part]:
    """All that moves, by variable of the file."""
    found = []
    for group in GROUPS:
        with xr.open_dataset(fit / "posterior.nc", group=group, engine="h5netcdf") as opened:
            for name, value in opened.data_vars.items():
                whole = value.transpose("chain", "draw", ...).values.astype(float)
                flat = whole.reshape(*whole.shape[:2], -1)
                moves = flat.std(axis=(0, 1)) > 1e-9 * (1.0 + np.abs(flat.mean(axis=(0, 1))))
                if moves.any():
                    names = np.array(elements(str(name), value))[moves]
                    found.append(Part([str(n) for n in names], flat[:, :, moves]))
    return found


def elements(name: str, value: xr.DataArray) -> list[str]:
    """Name of each element of a variable, in the order of its axes after chain and draw."""
    axes = [dim for dim in value.dims if dim not in ("chain", "draw")]
    labels = [[str(label).removesuffix(MIDNIGHT) for label in value[dim].values] for dim in axes]
    return [" ".join((name, *where)) for where in product(*labels)]


def row(parts: list[Part], stats: xr.Dataset, window: slice, name: str) -> str:
    """Line of the table for the draws of `window`."""
    measured = [measure(part.draws[:, window]) for part in parts]
    v = judge(measured, *(stats[kind].values[:, window] for kind in ("diverging", "energy")))
    tails = np.concatenate([m.ess_tail for m in measured])
    worst = [n for part in parts for n in part.names][int(np.nanargmin(tails))]
    numbers = f"{v.max_rhat:.4f} | {v.min_ess_bulk:.0f} | {v.min_ess_tail:.0f}"
    n = window.stop - window.start
    return f"| {n} | {name} | {numbers} | {'yes' if v.converged else 'no'} | {worst} |"


def table(fit: Path) -> str:
    """Verdict by number of draws, as a table."""
    parts, stats = moving(fit), statistics(fit)
    whole = stats.sizes["draw"]
    rows = [HEAD]
    for n in (n for n in LENGTHS if n <= whole):
        rows.append(row(parts, stats, slice(0, n), "first"))
        if n < whole:
            rows.append(row(parts, stats, slice(whole - n, whole), "last"))
    steps = float(stats["n_steps"].mean())
    return "\n".join(rows) + f"\n\nLeapfrog steps a draw: {steps:.1f}."


def statistics(fit: Path) -> xr.Dataset:
    """What the chains say of themselves: divergences, energies, steps."""
    with xr.open_dataset(fit / "posterior.nc", group="sample_stats", engine="h5netcdf") as opened:
        return opened.load()


def seeds(fits: list[Path]) -> str:
    """Verdict on the first draws of fits that differ in their seed, as a table."""
    rows = [SEED_HEAD]
    for fit in fits:
        parts, stats = moving(fit), statistics(fit)
        seed = json.loads((fit / "fit.json").read_text(encoding="utf-8"))["seed"]
        lengths = [n for n in SEED_LENGTHS if n <= stats.sizes["draw"]]
        rows += [f"| {seed} {row(parts, stats, slice(0, n), 'first')}" for n in lengths]
    return "\n".join(rows)


def times(fit: Path) -> str:
    """Seconds of each stage, where the fit kept them."""
    meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
    kept = meta.get("seconds", {})
    rows = [f"| {stage} | {s['wall']:.1f} | {s['cpu']:.1f} |" for stage, s in kept.items()]
    if not rows:
        return "This fit did not keep the time of its stages."
    return "\n".join(["| stage | wall s | CPU s |\n|---|---|---|", *rows])


def main() -> None:
    """Prints both tables, and writes them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("other", type=Path, nargs="*")
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    meta = json.loads((given.fit / "fit.json").read_text(encoding="utf-8"))
    text = f"# Draws that a fit needs\n\nSeed {meta['seed']}.\n\n{table(given.fit)}\n"
    text += f"\n## Time, with all draws of the table\n\n{times(given.fit)}\n"
    if given.other:
        text += f"\n## Other seeds\n\n{seeds(given.other)}\n"
    print(text)
    if given.markdown:
        more = " OTHER ..." if given.other else ""
        made = f"\nWritten by `python benchmarks/draws.py FIT{more} --markdown {given.markdown}`.\n"
        given.markdown.write_text(text + made, encoding="utf-8")


if __name__ == "__main__":
    main()
