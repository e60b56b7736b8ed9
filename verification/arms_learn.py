"""What is believed of a conflict before it is seen, learned on other conflicts.

Every candidate of a fixed list (`nostoi.study.arms.trust.candidates`: drawn evenly from wide
ranges, without looking) forecasts every conflict. For a conflict, the eight candidates are taken
whose forecasts of the OTHERS did best (logarithm of CRPS over that of the last count, and how far
80 % intervals are from covering 80 %), and their mean is what is believed; for a new conflict,
the eight best on all. Run from the root, with the folder that holds Flee's public cases:

    python verification/arms_learn.py FOLDER --candidates 24 --jobs 2

It writes `verification/arms_candidates.csv` (scores of each candidate on each conflict) and the
column `chosen` of `src/nostoi/study/arms/trust.csv`.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from columns import put_column

if TYPE_CHECKING:
    from nostoi.study.arms.trust import Trust

ROOT = Path(__file__).resolve().parents[1]
SCORES = Path(__file__).parent / "arms_candidates.csv"
TRUST = ROOT / "src" / "nostoi" / "study" / "arms" / "trust.csv"
CASES = (
    "mali2012", "burundi2015", "syria2013", "ssudan2016", "tigray2020", "nigeria2016",
    "mali2017_adm1",
)  # fmt: skip
MEMBERS = 150
"""Of the clouds of candidates; the arms themselves take 1,000."""
FIELDS = ("model", "candidate", "case", "horizon", "camps", "camps_lag30", "total", "total_lag30",
          "covered80")  # fmt: skip
BEST = 8
"""Candidates of which the mean is taken."""
CAMPS_WEIGH = 2.0 / 3.0
MODELS = FLOW, STILL = ("flow", "still")


@dataclass(frozen=True)
class Line:
    """Scores of a candidate on one conflict at one horizon: mean CRPS and coverage.

    `model` is `flow`, or `still`: the last count with errors around it, learned the same way.
    """

    model: str
    candidate: int
    case: str
    horizon: int
    camps: float
    camps_lag30: float
    total: float
    total_lag30: float
    covered80: float

    @property
    def loss(self) -> float:
        """Logarithm of the CRPS over that of the last count; camps weigh twice the total."""
        camps = np.log(self.camps / self.camps_lag30)
        total = np.log(self.total / self.total_lag30)
        return float(CAMPS_WEIGH * camps + (1.0 - CAMPS_WEIGH) * total)


def imported(folder: Path, name: str, out: Path) -> Path:
    """One of Flee's cases as a case of ours; the row that seals Bujumbura is deleted."""
    from nostoi.case.flee.read import read_flee
    from nostoi.case.flee.to_case import case_files

    source = out / "flee" / name
    shutil.copytree(folder / name, source)
    closures = source / "input_csv" / "closures.csv"
    lines = closures.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("location,Bujumbura")]
    closures.write_text("".join(kept), encoding="utf-8")
    found, findings = read_flee(source)
    if found is None:
        raise SystemExit(f"{name} cannot be imported: {findings}")
    case = out / name
    for path, text in case_files(found, name.replace("_", "-")).items():
        (case / path).parent.mkdir(parents=True, exist_ok=True)
        (case / path).write_text(text, encoding="utf-8")
    return case


def lines_of(model: str, candidate: int, count: int, case: Path) -> list[Line]:
    """Scores of one candidate on one conflict."""
    from nostoi.case.load import load
    from nostoi.study.arms.flow import Switches
    from nostoi.study.arms.ground import ground_of
    from nostoi.study.arms.judge import MODEL, marks, rounds
    from nostoi.study.arms.reports import reports_of
    from nostoi.study.arms.trust import candidates

    loaded = load(case)
    reports, ground = reports_of(loaded), ground_of(loaded)
    trust = candidates(count)[candidate]
    none = np.ones(len(reports.camps))
    found = {
        (mark.forecaster, mark.horizon, mark.scope): mark
        for mark in marks(
            rounds(ground, reports, trust, none, Switches(flows=model == FLOW), MEMBERS),
            reports.of_the_day(),
        )
    }
    horizons = sorted({horizon for _, horizon, _ in found})
    return [
        Line(
            model,
            candidate,
            case.name,
            horizon,
            found[MODEL, horizon, "camps"].crps,
            found["lag30", horizon, "camps"].crps,
            found[MODEL, horizon, "total"].crps,
            found["lag30", horizon, "total"].crps,
            found[MODEL, horizon, "camps"].covered[1],
        )
        for horizon in horizons
    ]


def write_scores(found: Sequence[Line]) -> None:
    """The table of scores, as far as it goes."""
    with SCORES.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(FIELDS)
        for line in found:
            values = [getattr(line, name) for name in FIELDS]
            writer.writerow([f"{v:.6g}" if isinstance(v, float) else v for v in values])


def read_scores() -> tuple[Line, ...]:
    """The table of scores as it lies in the repository."""
    with SCORES.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return tuple(
        Line(
            row["model"],
            int(row["candidate"]),
            row["case"],
            int(row["horizon"]),
            *(float(row[name]) for name in FIELDS[4:]),
        )
        for row in rows
    )


def best_without(scores: Sequence[Line], case: str | None, model: str = FLOW) -> list[int]:
    """The candidates that did best on all conflicts but one, best first."""
    known = [line for line in scores if line.case != case and line.model == model]
    losses = {}
    for candidate in sorted({line.candidate for line in known}):
        own = [line for line in known if line.candidate == candidate]
        covered = [
            float(np.mean([line.covered80 for line in own if line.horizon == horizon]))
            for horizon in sorted({line.horizon for line in own})
        ]
        missed = float(np.mean([abs(share - 0.8) for share in covered]))
        losses[candidate] = float(np.mean([line.loss for line in own])) + missed
    return sorted(losses, key=lambda candidate: losses[candidate])[:BEST]


def learned(scores: Sequence[Line], case: str | None, model: str = FLOW) -> Trust:
    """The mean of the best candidates, each number on the scale on which it was drawn."""
    from nostoi.study.arms.trust import Trust, candidates, table

    listed = candidates(1 + max(line.candidate for line in scores))
    chosen = [listed[k] for k in best_without(scores, case, model)]
    found = {}
    for row in table():
        values = np.array([getattr(trust, row["name"]) for trust in chosen])
        mean = np.exp(np.log(values).mean()) if row["scale"] == "log" else values.mean()
        found[row["name"]] = float(f"{mean:.3g}")
    return Trust(**found)


def main() -> None:
    """Score all candidates, then choose."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="the folder that holds Flee's public cases")
    asked.add_argument("--candidates", type=int, default=24)
    asked.add_argument("--jobs", type=int, default=2)
    given = asked.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        cases = [imported(given.folder, name, out) for name in CASES]
        work = [
            (model, k, given.candidates, case)
            for model in MODELS
            for k in range(given.candidates)
            for case in cases
        ]
        found = []
        with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
            for lines in pool.map(lines_of, *zip(*work, strict=True)):
                found += lines
                write_scores(found)
    put_column(TRUST, "chosen", asdict(learned(found, None)))


if __name__ == "__main__":
    main()
