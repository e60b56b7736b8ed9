"""How newcomers are split after a single look, learned on other conflicts.

A grid of splits (`nostoi.study.arms.onelook.Split`) tells every conflict from one look on day 30,
by what was published then. For a conflict the split is taken whose mean rescaled ARD on the OTHERS
is least; for a new conflict, that on all. Run from the root:

    python verification/arms_once.py FOLDER --jobs 2

It writes `verification/arms_once.csv` (errors of each split on each conflict) and the column
`chosen` of `src/nostoi/study/arms/onelook.csv`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from arms_learn import CASES, imported, learned, read_scores
from columns import put_column

if TYPE_CHECKING:
    from nostoi.study.arms.onelook import Split

ROOT = Path(__file__).resolve().parents[1]
ERRORS = Path(__file__).with_suffix(".csv")
CHOSEN = ROOT / "src" / "nostoi" / "study" / "arms" / "onelook.csv"
POWERS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
DAYS = (15.0, 30.0, 60.0, 120.0, 240.0, 480.0)
MEMBERS = 60


@dataclass(frozen=True)
class Told:
    """Rescaled ARD of one split on one conflict."""

    power: float
    days: float
    case: str
    error: float


def errors_on(folder: Path) -> list[Told]:
    """All splits on one conflict."""
    from nostoi.base.scores import rescaled_ard
    from nostoi.case.load import load
    from nostoi.study.arms.nopeek import FIRST_ISSUE
    from nostoi.study.arms.onelook import Look, Split, one_look
    from nostoi.study.arms.run import data_of

    data = data_of(load(folder))
    trust = learned(read_scores(), folder.name)
    came = data.reports.in_hindsight()
    found = []
    for power in POWERS:
        for days in DAYS:
            made = one_look(data.ground, data.reports, data.total, trust,
                            Look(FIRST_ISSUE, Split(power, days)), MEMBERS)  # fmt: skip
            some = came[made.days].sum(1) > 0
            error = rescaled_ard(made.median[some], came[made.days][some])
            found.append(Told(power, days, folder.name, float(error)))
    return found


def read_errors() -> tuple[Told, ...]:
    """The table of errors as it lies in the repository."""
    with ERRORS.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Told(float(r["power"]), float(r["days"]), r["case"], float(r["error"]))
            for r in csv.DictReader(handle)
        )


def split_without(told: Sequence[Told], case: str | None) -> Split:
    """The split with the least mean error on all conflicts but one."""
    from nostoi.study.arms.onelook import Split

    sums: dict[tuple[float, float], list[float]] = {}
    for line in told:
        if line.case != case:
            sums.setdefault((line.power, line.days), []).append(line.error)
    return Split(*min(sums, key=lambda key: float(np.mean(sums[key]))))


def write(told: Sequence[Told]) -> None:
    """The table of errors, and what is shipped."""
    with ERRORS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("power", "days", "case", "error"))
        writer.writerows((t.power, t.days, t.case, f"{t.error:.4f}") for t in told)
    put_column(CHOSEN, "chosen", asdict(split_without(told, None)))


def main() -> None:
    """Score all splits, then choose."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="the folder that holds Flee's public cases")
    asked.add_argument("--jobs", type=int, default=2)
    given = asked.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as temporary:
        cases = [imported(given.folder, name, Path(temporary)) for name in CASES]
        with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
            write([line for lines in pool.map(errors_on, cases) for line in lines])


if __name__ == "__main__":
    main()
