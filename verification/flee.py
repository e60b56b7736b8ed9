"""Movement over a network on Flee's public cases: our errors beside Flee's published ones.

    python verification/flee.py [FOLDER] [--replicas N]

FOLDER holds one folder of Flee for each case (`../shared/flee-cases` beside the checkout by
default). Each is imported as a case, run with Flee's inputs (capacities included, arrivals as
counted) and scored. Both are at the same number of agents. It writes `verification/flee.md`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nostoi.case.case import Case
from nostoi.case.flee.read import read_flee
from nostoi.case.flee.to_case import case_files
from nostoi.case.load import load
from nostoi.study.camps import ground_of, reproduce

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_suffix(".md")
SEALS = "location,Bujumbura"
WHOLE = 4
"""Seeds of the runs with one agent for each person."""


@dataclass(frozen=True)
class Published:
    """Flee's own figures for a case, and how many persons an agent stands for in them."""

    hasten: int
    ard: float
    rescaled: float
    steps_per_cpu_s: float


FLEE = {
    "mali2012": Published(1, 0.345, 0.314, 231e3),
    "burundi2015": Published(10, 0.329, 0.303, 271e3),
    "syria2013": Published(100, 0.334, 0.341, 451e3),
    "ssudan2016": Published(10, 0.410, 0.478, 170e3),
    "tigray2020": Published(1, 0.443, 0.374, 47e3),
    "nigeria2016": Published(10, 0.258, 0.211, 188e3),
    "mali2017_adm1": Published(10, 0.677, 0.696, 85e3),
}
"""Runs of Flee's development version on these folders, measured by those who prepared the cases."""

HEAD = """# Flee's public cases, reproduced

Written by `python verification/flee.py`. Inputs are those of Flee: capacities (which are maxima of
the series that they are held against, so this is no forecast), arrivals as counted. ARD is the mean
over days of the summed differences over camps, divided by the summed counts; rescaled first brings
the simulated camps to the counted total of the day. Ours: mean and standard deviation over {n}
seeds, at Flee's number of agents; then {whole} seeds with one agent for each person. Flee's own
figures are single runs; seeds move them by 0.001 to 0.007. Stocks come from UNHCR, dates of
conflicts from ACLED, populations from citypopulation.de, as collected in the public repositories of
Flee and FabFlee.

| case | agents | findings | ARD ours | ARD Flee | above Flee | rescaled ours | rescaled Flee \
| persons | ARD, all persons | not above |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|
"""


def imported(folder: Path, where: Path) -> tuple[Case, int]:
    """A folder as a case, and how many defects of it were mended."""
    copy = shutil.copytree(folder, where / "given" / folder.name)
    closures = copy / "input_csv" / "closures.csv"
    rows = closures.read_text(encoding="utf-8").splitlines(keepends=True)
    closures.write_text("".join(r for r in rows if not r.startswith(SEALS)), encoding="utf-8")
    found, said = read_flee(copy)
    if found is None:
        raise SystemExit("\n".join(finding.text() for finding in said))
    name = folder.name.replace("_", "-")
    for path, text in case_files(found, name).items():
        (where / name / path).parent.mkdir(parents=True, exist_ok=True)
        (where / name / path).write_text(text, encoding="utf-8")
    return load(where / name), len(said)


def row_of(folder: Path, where: Path, replicas: int) -> tuple[str, bool]:
    """A row of the table, and whether our ARD is not above Flee's."""
    flee = FLEE[folder.name]
    case, said = imported(folder, where)
    ground = ground_of(case, flee.hasten)
    begin = time.process_time()
    runs = [reproduce(ground, seed) for seed in range(1, replicas + 1)]
    spent = time.process_time() - begin
    everybody = ground_of(case)
    full = [reproduce(everybody, seed) for seed in range(1, WHOLE + 1)]
    fulls = np.array([errors.ard for _, errors in full])
    persons = int(full[0][0].persons[-1].sum() + full[0][0].on_road[-1])
    ards = np.array([errors.ard for _, errors in runs])
    scaled = np.array([errors.rescaled for _, errors in runs])
    last = runs[0][0]
    agents = int(last.persons[-1].sum() + last.on_road[-1])
    good = round(ards.mean(), 3) <= flee.ard
    each = spent / replicas
    sys.stderr.write(f"{folder.name}: ARD {ards.mean():.3f}, {each:.2f} CPU s a run\n")
    cells = (
        folder.name, f"{agents:,}", said, f"{ards.mean():.3f} ± {ards.std():.3f}",
        f"{flee.ard:.3f}", f"{ards.mean() - flee.ard:+.3f}",
        f"{scaled.mean():.3f} ± {scaled.std():.3f}", f"{flee.rescaled:.3f}",
        f"{persons:,}", f"{fulls.mean():.3f} ± {fulls.std():.3f}", "yes" if good else "no",
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n", good


def main() -> None:
    """Runs all cases and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    beside = ROOT.parent / "shared" / "flee-cases"
    parser.add_argument("folder", nargs="?", type=Path, default=beside)
    parser.add_argument("--replicas", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        rows = [row_of(given.folder / name, Path(place), given.replicas) for name in FLEE]
    count = sum(good for _, good in rows)
    tail = f"\nARD not above Flee's on {count} of {len(rows)} cases.\n"
    text = (
        HEAD.format(n=given.replicas, whole=WHOLE) + "".join(row for row, _ in rows) + tail + NOTES
    )
    PAGE.write_text(text, encoding="utf-8", newline="\n")


NOTES = """
Differences of a few thousandths go in both directions; with one agent for each person luck moves
our ARD by 0.001 at most.
Known differences of the two programs: deciding in rounds in place of one after the other, the way
of late in fiftieths of a day and 0 for newcomers, and what Flee reads of dates that stand twice or
out of order (nigeria2016, mali2017_adm1), where the import keeps the first. Two rules were mended
after being read against the peer's source (decision 014), whatever they did to the sign.
Where the sign is "no" the target, ARD not above Flee's, is missed.

burundi2015 is run without
the row of `closures.csv` that seals the capital, which the import refuses (N184).
"""

if __name__ == "__main__":
    main()
