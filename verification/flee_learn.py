"""Movement over a network with Flee's inputs and numbers learned on other conflicts.

    python verification/flee_learn.py [FOLDER] [--candidates 240] [--jobs 2]

The numbers of `rules/hop/params.csv` that have a prior (chances, weights, distance, capacity) are
drawn from it, without looking; every candidate plays
every conflict with Flee's inputs. For a conflict, the eight candidates with the least ARD on the
OTHERS are taken (mean log over that of Flee's own numbers) and their mean is what is used; for a
new conflict, the eight best on all. It writes `verification/flee_candidates.csv` and the column
`learned` of `rules/hop/params.csv`, which `nostoi camps --set learned` reads.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from columns import put_column
from flee_cases import FLEE, imported

from nostoi.rules.hop.params import hop_cards
from nostoi.rules.params import Pack, Param
from nostoi.study.horizon import normal

ROOT = Path(__file__).resolve().parents[1]
SCORES = Path(__file__).parent / "flee_candidates.csv"
CARDS = ROOT / "src" / "nostoi" / "rules" / "hop" / "params.csv"
SEED = 20120101
BEST = 8
"""Candidates of which the mean is taken, as in arms_learn.py."""

Unit = dict[str, float]


@dataclass(frozen=True)
class Line:
    """ARD of a candidate on one conflict; candidate 0 has Flee's own numbers."""

    candidate: int
    case: str
    ard: float


def free() -> tuple[Param, ...]:
    """Numbers of movement that have a prior."""
    return tuple(card for card in hop_cards() if card.kind != "fixed" and card.sd != 0)


def unit_of(candidate: int) -> Unit:
    """A candidate on the unit scale of the priors; 0 is their middle."""
    return {c.name: 0.0 if candidate == 0 else normal(SEED, c.name, candidate, 0) for c in free()}


def numbers_of(unit: Unit) -> dict[str, float]:
    """Natural values of unit-scale numbers."""
    values = Pack(free()).unpack(np.array(list(unit.values())), np)
    return {name: float(np.ravel(value)[0]) for name, value in values.items()}


def told(folder: Path, candidates: Sequence[int]) -> list[Line]:
    """All candidates on one conflict, at Flee's number of agents, one seed."""
    from nostoi.study.camps import ground_of, reproduce

    with tempfile.TemporaryDirectory() as place:
        case, _ = imported(folder, Path(place))
    found = []
    for k in candidates:
        own = numbers_of(unit_of(k)) if k else {}
        _, errors = reproduce(ground_of(case, FLEE[folder.name].hasten, own), 1)
        found.append(Line(k, folder.name, float(errors.ard)))
        sys.stderr.write(f"{folder.name}: {k} {errors.ard:.3f}\n")
    return found


def learned(lines: Sequence[Line], case: str | None) -> dict[str, float]:
    """The mean of the best on all conflicts but one, natural values."""
    own = {line.case: line.ard for line in lines if line.candidate == 0}
    losses: dict[int, list[float]] = {}
    for line in lines:
        if line.case != case:
            losses.setdefault(line.candidate, []).append(float(np.log(line.ard / own[line.case])))
    best = sorted(losses, key=lambda k: float(np.mean(losses[k])))[:BEST]
    units = [unit_of(k) for k in best]
    return numbers_of({name: float(np.mean([u[name] for u in units])) for name in units[0]})


def read() -> list[Line]:
    """The table as it lies in the repository."""
    with SCORES.open(encoding="utf-8", newline="") as handle:
        return [
            Line(int(row["candidate"]), row["case"], float(row["ard"]))
            for row in csv.DictReader(handle)
        ]


def write(lines: Sequence[Line]) -> None:
    """The table of errors, and what is shipped."""
    with SCORES.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("candidate", "case", "ard"))
        writer.writerows((line.candidate, line.case, f"{line.ard:.4f}") for line in lines)
    put_column(CARDS, "learned", learned(lines, None))


def main() -> None:
    """Play all candidates, then choose."""
    asked = argparse.ArgumentParser(description=__doc__)
    beside = ROOT.parent / "shared" / "flee-cases"
    asked.add_argument("folder", nargs="?", type=Path, default=beside)
    asked.add_argument("--candidates", type=int, default=240)
    asked.add_argument("--jobs", type=int, default=2)
    given = asked.parse_args()
    numbers = list(range(given.candidates + 1))
    with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
        parts = pool.map(told, [given.folder / name for name in FLEE], [numbers] * len(FLEE))
        write([line for part in parts for line in part])


if __name__ == "__main__":
    main()
