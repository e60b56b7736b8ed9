"""Flee's public cases: what was published of them, and how each becomes a case of ours."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from nostoi.case.case import Case
from nostoi.case.flee.read import read_flee
from nostoi.case.flee.to_case import case_files
from nostoi.case.load import load

SEALS = "location,Bujumbura"


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
