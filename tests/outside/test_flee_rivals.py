"""The plain rivals on Flee's public cases against published figures of their error.

The cases are not part of the project: their folder is named by NOSTOI_FLEE_CASES, or lies beside
the project in `shared/flee-cases`; without it these tests are skipped. The figures are the
rescaled ARD over the days after day 30, as measured outside this project on the same files.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path

import pytest

from nostoi.base.scores import rescaled_ard
from nostoi.case.load import load
from nostoi.study.arms.rivals import by_capacity, held, lagged
from nostoi.study.arms.run import data_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("NOSTOI_FLEE_CASES", ROOT.parent / "shared" / "flee-cases"))

FIGURES = {  # by capacity, shares of day 30, shares of 30 days before
    "mali2012": (0.134, 0.399, 0.085),
    "burundi2015": (0.313, 0.364, 0.087),
    "syria2013": (0.451, 0.614, 0.043),
    "ssudan2016": (0.273, 0.485, 0.095),
    "tigray2020": (0.754, 0.483, 0.075),
    "nigeria2016": (0.086, 0.085, 0.011),
    "mali2017_adm1": (0.385, 0.180, 0.012),
}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="Flee's public cases are not here")
@pytest.mark.parametrize("name", FIGURES)
def test_rivals_have_the_published_errors(name: str, tmp_path: Path) -> None:
    """Within 0.001, half a unit of the last digit given and the whole persons of scaled data."""
    script = runpy.run_path(str(ROOT / "verification" / "arms_learn.py"))
    data = data_of(load(script["imported"](FOLDER, name, tmp_path)))
    counts = data.reports.in_hindsight()
    tables = (by_capacity(counts, data.capacity), held(counts, 30), lagged(counts, 30))
    found = [rescaled_ard(table[31:], counts[31:]) for table in tables]
    assert found == pytest.approx(FIGURES[name], abs=0.001)
