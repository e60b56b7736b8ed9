"""The main job on the flagship, from the case to the report, and how fast the machine was then.

    python benchmarks/main_job.py [--markdown FILE] [--keep FIT]

The limit is 3 minutes on 2 cores. A machine that others use too is now fast and now slow, so the
same short loop of exponentials runs on every core at once before and after, and its time stands
beside: it touches no memory but the nearest, and nothing of ours. The compile cache of XLA is
empty, as after the set-up; the loops of the model are compiled, which the set-up does.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.base.numerics import cache_folder

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "russia-2022"
LIMIT = 180.0
CORES = 2
SIZE, TIMES, TRIES = 2000, 3000, 60
HEAD = """# The main job, and the speed of the machine in that hour

Written by `python benchmarks/main_job.py --markdown benchmarks/main_job.md`, which adds a run and
leaves the earlier ones. "Unit loop" is 6 million exponentials of NumPy on one core, in
milliseconds, while the other core is as busy; "job/unit" says how much work the job is, whatever
the speed of the machine was. The limit is of seconds: {limit:.0f}. The loop runs before and after
the job and not during it, so that the ratio is rough where the machine changes within minutes.

| begun, UTC | seconds | limit | unit before | after | job/unit | R-hat | bulk | tail | converged |
|---|---|---|---|---|---|---|---|---|---|
"""
LAST = """## Where the time of the last run went
"""


def unit(_core: int) -> float:
    """Milliseconds that 6 million exponentials take on one core, the middle of many tries."""
    x = np.linspace(0.0, 1.0, SIZE)
    out, found = np.empty_like(x), []
    for _ in range(TRIES):
        begun = time.perf_counter()
        for _ in range(TIMES):
            np.exp(x, out=out)
        found.append(time.perf_counter() - begun)
    return 1e3 * float(np.median(found))


def units() -> list[float]:
    """The same on every core, all at once."""
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        return pool.map(unit, range(CORES), chunksize=1)


def job(kept: Path | None) -> tuple[float, dict[str, Any]]:
    """Seconds of the main job with an empty cache of XLA, and what it says of the fit."""
    program = [sys.executable, "-m", "nostoi.app", "fit", str(CASE), "--json", "-o"]
    with tempfile.TemporaryDirectory() as there:
        cache = Path(there) / "cache"
        shutil.copytree(cache_folder(), cache, ignore=shutil.ignore_patterns("xla"))
        env = os.environ | {"NOSTOI_CACHE": str(cache)}
        begun = time.perf_counter()
        done = subprocess.run(
            [*program, str(kept or f"{there}/fit")],
            env=env,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return time.perf_counter() - begun, json.loads(done.stdout)


@dataclass(frozen=True)
class Run:
    """One main job: when it began, its seconds, what it says of the fit, unit loops around it."""

    begun: datetime
    wall: float
    said: dict[str, Any]
    before: list[float]
    after: list[float]

    def line(self) -> str:
        """Its row in the table of runs."""
        fit = self.said["diagnostics"]
        speed = [" and ".join(f"{one:.1f}" for one in loop) for loop in (self.before, self.after)]
        ratio = 1e3 * self.wall / float(np.mean([*self.before, *self.after]))
        return (
            f"| {self.begun:%Y-%m-%d %H:%M} | {self.wall:.0f} | "
            f"{'kept' if self.wall <= LIMIT else 'NOT kept'} | {speed[0]} | {speed[1]} | "
            f"{ratio:,.0f} | {fit['max_rhat']:.3f} | {fit['min_ess_bulk']:.0f} | "
            f"{fit['min_ess_tail']:.0f} | {'yes' if fit['converged'] else 'no'} |"
        )

    def stages(self) -> str:
        """Where its time went, as a table."""
        stages = self.said["seconds"]
        rest = self.wall - sum(stage["wall"] for stage in stages.values())
        rows = [f"| {name} | {s['wall']:.0f} | {s['cpu']:.0f} |" for name, s in stages.items()]
        head = ["| stage | seconds | of processors |", "|---|---|---|"]
        return "\n".join([*head, *rows, f"| start, facts, report | {rest:.0f} | |"])


def page(run: Run, old: str) -> str:
    """The page with one more run; those that stood on it stay, the slow ones too."""
    kept = [line for line in old.splitlines() if line.startswith("| 20")]
    return HEAD.format(limit=LIMIT) + "\n".join([*kept, run.line(), "", LAST, run.stages(), ""])


def main() -> None:
    """Measures, prints the tables and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--keep", type=Path, help="leave the fit in this new folder")
    given = parser.parse_args()
    if given.keep and given.keep.exists():
        parser.error(f"{given.keep} is there already: a fit would go on and take no time")
    if not (cache_folder() / "loops").is_dir():
        parser.error("the loops are not compiled: run `python -m nostoi.engine.fused` first")
    before, begun = units(), datetime.now(UTC)
    wall, said = job(given.keep)
    run = Run(begun, wall, said, before, units())
    print(run.line(), run.stages(), sep="\n\n")
    if given.markdown:
        old = given.markdown.read_text(encoding="utf-8") if given.markdown.exists() else ""
        given.markdown.write_text(page(run, old), encoding="utf-8")


if __name__ == "__main__":
    main()
