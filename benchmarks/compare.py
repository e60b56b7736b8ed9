"""Time of `nostoi compare`: nine scenarios, 200 draws each, as a user would run it.

    python benchmarks/compare.py FIT [--draws N] [--scenarios N]

Prints the wall time and the processor time of the whole command in a fresh process, and how many
cores' worth of work a second of the wall saw: on a busy machine the processor time over two is the
wall time of two free cores.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from nostoi.app.fitted import case_of_fit

SOURCE = Path(__file__).resolve().parents[1] / "src"


def main() -> None:
    """Runs the command twice: the first time it may compile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--scenarios", type=int, default=9)
    given = parser.parse_args()
    words = sorted(case_of_fit(given.fit).scenarios)[: given.scenarios]
    command = [sys.executable, "-m", "nostoi.app", "compare", str(given.fit), *words,
               "--draws", str(given.draws)]  # fmt: skip
    for label in ("first run", "second run"):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": str(SOURCE)},
        )
        after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
        work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{label}: {len(words)} scenarios x {given.draws} draws: {wall:.1f} s of wall time, "
              f"{work:.1f} s of processor time, {work / wall:.2f} cores busy")  # fmt: skip


if __name__ == "__main__":
    main()
