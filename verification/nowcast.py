"""An update with a few weeks' figures against a new fit: writes nowcast.md.

    python verification/nowcast.py FIT DAY FOLDER

FIT is a fit as of an earlier day. The case as of DAY is once taken into it by weighting and once
fitted anew with as many draws; FOLDER keeps both.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from nostoi.app.fitted import case_of_fit
from nostoi.infer.diagnostics import measure

TABLE = Path(__file__).with_suffix(".md")
FIGURES = (
    ("left since the event", "left_since_event", None), ("abroad", "abroad_end", "any"),
    ("returned, any stay", "returned_end", "any"), ("returned, 3 months", "returned_end", "3m"),
    ("returned, 6 months", "returned_end", "6m"), ("left a second time", "again_total", None),
)  # fmt: skip
HEAD = """# New figures without a new fit

Written by `python verification/nowcast.py FIT DAY FOLDER`: {name} as of {old}, taken to
{new} ({rows} new rows) by weighting and by a new fit of as many draws. k-hat {khat}; the weighted
draws are worth {worth} of {n}. The update took {update:.0f} CPU seconds, the new fit {refit:.0f},
its report included: 1/{times:.1f}.

"Errors": how many Monte-Carlo standard errors of both together the two means lie apart. The old fit
stands beside them.

| figure | as of {old} | updated: mean | sd | new fit: mean | sd | errors |
|---|---|---|---|---|---|---|
"""


def timed(*words: str) -> float:
    """Run a command of nostoi; CPU seconds of it and its children."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "nostoi.app", *words], check=True)  # noqa: S603
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4])


def figures(fit: Path) -> Any:
    """Headline numbers of a fit, [chain, draw, figure]."""
    with xr.open_dataset(fit / "posterior.nc", group="quantities", engine="h5netcdf") as opened:
        found = [opened[name] if rule is None else opened[name].sel(rule=rule)
                 for _, name, rule in FIGURES]  # fmt: skip
        return np.stack([one.transpose("chain", "draw").values for one in found], -1).astype(float)


def rows_of(fit: Path) -> set[str]:
    """Ids of the rows that a fit used."""
    with xr.open_dataset(fit / "posterior.nc", group="observed_data", engine="h5netcdf") as opened:
        return {str(label) for label in opened["obs"].values}


def main(words: Sequence[str]) -> None:
    """Update, fit anew, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("day")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(words)
    meta = json.loads((given.fit / "fit.json").read_text(encoding="utf-8"))
    case = str(case_of_fit(given.fit).folder)
    draws = str(meta["draws"])
    new, anew = given.folder / "updated", given.folder / "refit"
    seconds = [
        timed("nowcast", case, str(given.fit), "-o", str(new), "--as-of", given.day),
        timed("fit", case, "-o", str(anew), "--as-of", given.day, "--draws", draws),
    ]
    old, mine, other = (figures(folder) for folder in (given.fit, new, anew))
    said = json.loads((new / "fit.json").read_text(encoding="utf-8"))
    n = mine.shape[0] * mine.shape[1]
    share = said["weights_worth"] / n
    ess = measure(old).ess_bulk * share, measure(other).ess_bulk
    lines = []
    for k, (name, _, _) in enumerate(FIGURES):
        a, b = mine[..., k], other[..., k]
        error = np.sqrt(a.var() / ess[0][k] + b.var() / ess[1][k])
        lines.append(
            f"| {name} | {old[..., k].mean():,.0f} | {a.mean():,.0f} | {a.std():,.0f} | "
            f"{b.mean():,.0f} | {b.std():,.0f} | {(a.mean() - b.mean()) / error:+.1f} |"
        )
    head = HEAD.format(
        name=meta["case"], old=meta["as_of"], new=given.day, khat=said["khat"],
        rows=len(rows_of(new) - rows_of(given.fit)), worth=said["weights_worth"], n=n,
        update=seconds[0], refit=seconds[1], times=seconds[1] / seconds[0],
    )  # fmt: skip
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
