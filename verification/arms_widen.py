"""How much wider intervals of the sum of camps must be, learned on other conflicts.

Each conflict is forecast with what was learned on the six others, without widening, and held
against what came. For a conflict, the factors come from the distances on the OTHERS; for a new
one, from all (`nostoi.study.arms.widening`). Run from the root:

    python verification/arms_widen.py FOLDER

It writes `verification/arms_widen.csv` (every distance) and `src/nostoi/study/arms/widening.csv`.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from arms_learn import CASES, imported, learned, read_scores

if TYPE_CHECKING:
    from nostoi.study.arms.widening import Widening

ROOT = Path(__file__).resolve().parents[1]
DISTANCES = Path(__file__).with_suffix(".csv")
CHOSEN = ROOT / "src" / "nostoi" / "study" / "arms" / "widening.csv"
MEMBERS = 300


@dataclass(frozen=True)
class Apart:
    """How far the sum of camps lay from the median of a forecast."""

    case: str
    horizon: int
    issue: int
    distance: float


def distances_on(folder: Path) -> list[Apart]:
    """Every forecast of one conflict whose figure has come."""
    from nostoi.case.load import load
    from nostoi.study.arms.judge import HORIZONS, rounds
    from nostoi.study.arms.run import data_of
    from nostoi.study.arms.widening import distance

    data = data_of(load(folder))
    trust = learned(read_scores(), folder.name)
    came = data.reports.of_the_day().sum(1)
    made = rounds(data.ground, data.reports, trust, np.ones(len(data.labels)), members=MEMBERS)
    return [
        Apart(folder.name, h, one.issue, distance(one.quantiles[k, :, -1], came[one.issue + h]))
        for one in made
        for k, h in enumerate(HORIZONS)
        if one.issue + h < len(came)
    ]


def read_distances() -> tuple[Apart, ...]:
    """The table of distances as it lies in the repository."""
    with DISTANCES.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Apart(r["case"], int(r["horizon"]), int(r["issue"]), float(r["distance"]))
            for r in csv.DictReader(handle)
        )


def widening_without(apart: Sequence[Apart], case: str | None) -> Widening:
    """Factors from all conflicts but one."""
    from nostoi.study.arms.judge import HORIZONS
    from nostoi.study.arms.widening import learn_widening

    return learn_widening(
        [
            {h: [a.distance for a in apart if (a.case, a.horizon) == (name, h)] for h in HORIZONS}
            for name in CASES
            if name != case
        ]
    )


def main() -> None:
    """Measure all distances, then choose."""
    from nostoi.study.arms.judge import HORIZONS

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="the folder that holds Flee's public cases")
    given = asked.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as temporary:
        cases = [imported(given.folder, name, Path(temporary)) for name in CASES]
        apart = [one for case in cases for one in distances_on(case)]
    with DISTANCES.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("case", "horizon", "issue", "distance"))
        writer.writerows((a.case, a.horizon, a.issue, f"{a.distance:.4f}") for a in apart)
    chosen = widening_without(apart, None)
    with CHOSEN.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("horizon", "below", "above"))
        for row in zip(HORIZONS, chosen.below, chosen.above, strict=True):
            writer.writerow((row[0], *(f"{factor:.3g}" for factor in row[1:])))


if __name__ == "__main__":
    main()
