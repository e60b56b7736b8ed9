"""Measures all contenders of the common work in turn and writes benchmarks/exit-return.md.

    python -m benchmarks.exit_return [--rivals] [--quick] [--repeat N] [--no-flagship]

Needs to be run in the root of the repository. `--rivals` makes environments with Mesa and Starsim;
`--quick` takes fewer persons, for a look whether all works (and writes nothing).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.exit_return import report
from benchmarks.exit_return.rivals import python_of

HERE = Path(__file__).resolve().parent
MESA_PART = 20
"""Mesa plays with this part of the persons: its time per person-day does not depend on them."""


def run(command: list[Any]) -> dict[str, Any]:
    """What a process prints last, as JSON."""
    done = subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def child(name: str, persons: int, seed: int, threads: int) -> dict[str, Any]:
    """One play of one of our contenders in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.exit_return.child", name, persons, seed, threads]
    return {**run(words), "persons": persons}


def rival(name: str, persons: int, seed: int) -> dict[str, Any]:
    """One play of a toolkit in its own environment."""
    found = run([python_of(name), HERE / f"{name}_model.py", persons, seed])
    return {**found, "persons": persons}


def in_turn(persons: int, repeat: int, rivals: bool) -> dict[str, list[dict[str, Any]]]:
    """All contenders in turn, several times."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for seed in range(1, repeat + 1):
        for name, threads in report.OURS:
            found[f"{name} {threads}"].append(child(name, persons, seed, threads))
        if rivals:
            found["starsim 1"].append(rival("starsim", persons, seed))
            found["mesa 1"].append(rival("mesa", persons // MESA_PART, seed))
        print(f"round {seed} of {repeat} done", flush=True)
    return found


def main() -> int:
    """Runs the comparison; 1 if somebody's counts do not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--no-flagship", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    persons = 100_000 if given.quick else 1_000_000
    bandwidth = {n: child("triad", 0, 0, n)["bandwidth"] for n in (1, 2)}
    found = in_turn(persons, given.repeat, given.rivals)
    sizes = {}
    for n in (persons // 10, persons, 10 * persons):
        rounds = 3 if n > persons else given.repeat
        sizes[n] = [child("engine", n, seed, 1) for seed in range(1, rounds + 1)]
    flagship = None
    if not given.no_flagship:
        flagship = run([sys.executable, "-m", "benchmarks.flagship", "--json"])
    text, good = report.write(found, sizes, bandwidth, flagship)
    print(text)
    if not given.quick:
        (HERE.parent / "exit-return.md").write_text(text, encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
