"""The flagship in the agent engine: 146 million at home, two years of days, every rule on.

    python -m benchmarks.flagship [--json] [--threads N] [--persons N]

A child process plays it; its time and the largest memory of all of it, libraries included, are
printed. The groups of the case are scaled to the population of the whole country, so that more
people leave than in the case itself.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PERSONS = 146_000_000


def play(persons: int, threads: int) -> dict[str, Any]:
    """Plays the flagship in this process."""
    begun = time.perf_counter()
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.case.build import savings_of
    from nostoi.case.load import load
    from nostoi.engine.agents.run import Settings, cast_of, get_ready
    from nostoi.engine.agents.scene import mean_fields
    from nostoi.engine.daily import RUNGS, daily, model_of
    from nostoi.infer.drive import prior_medians

    case = load(ROOT / "cases" / "russia-2022")
    own = model_of(case)
    values, model = prior_medians(own), daily(case, own)
    people = model.world.who["persons"] * (persons / model.world.who["persons"].sum())
    model = replace(model, world=replace(model.world, who={**model.world.who, "persons": people}))
    ladder, fields = savings_of(case, RUNGS), mean_fields(model, values)
    small = Settings(people=1000, threads=threads)
    get_ready(model, values, small, cast_of(model, small, ladder), fields).play()
    settings = Settings(seed=1, threads=threads)
    loaded = time.perf_counter()
    days = get_ready(model, values, settings, cast_of(model, settings, ladder), fields)
    started, used = time.perf_counter(), time.process_time()
    found = days.play()
    done = time.perf_counter()
    record = found.record
    return {
        "persons": persons, "threads": threads, "days": model.world.clock.n,
        "rules": len(model.rules), "records": len(found.people.id),
        "person_days": found.person_days, "left": float(record.leave.sum()),
        "load": loaded - begun, "before": started - loaded, "wall": done - started,
        "cpu": time.process_time() - used,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def main() -> None:
    """Runs the child and prints what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--persons", type=int, default=PERSONS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(play(given.persons, given.threads)))
        return
    words = [sys.executable, "-m", "benchmarks.flagship", "--child"]
    words += ["--threads", str(given.threads), "--persons", str(given.persons)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    line = done.stdout.splitlines()[-1]
    print(line if given.json else "\n".join(f"{k:12s} {v:,}" for k, v in json.loads(line).items()))


if __name__ == "__main__":
    main()
