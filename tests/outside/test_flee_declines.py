"""Camps that fall in Flee's public cases: the moves home and onwards carry the fall.

The tail of mali2012 lies after the days that Flee runs, so the period is made longer here, with
the outbreaks of its last day. Skipped where the cases are not there (see test_flee_rivals).
"""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from tests.outside.test_flee_rivals import FOLDER, ROOT

from nostoi.case.load import load
from nostoi.study.arms.flow import Switches
from nostoi.study.arms.learn import learn
from nostoi.study.arms.outlook import look_ahead
from nostoi.study.arms.run import Data, data_of
from nostoi.study.arms.trust import shipped

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="Flee's public cases are not here")
AHEAD = 90
MEMBERS = 100


def data(name: str, where: Path, days: int | None = None) -> Data:
    """One of the cases, over more days if asked."""
    imported = runpy.run_path(str(ROOT / "verification" / "arms_learn.py"))["imported"]
    source = FOLDER
    if days is not None:
        source = where / "longer"
        for path in (FOLDER / name).rglob("*.csv"):
            target = source / name / path.relative_to(FOLDER / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        longer(source / name / "input_csv", days)
    return data_of(load(imported(source, name, where)))


def longer(folder: Path, days: int) -> None:
    """Make a period longer; what goes on in its last row goes on."""
    period = folder / "sim_period.csv"
    lines = period.read_text("utf-8").splitlines()
    lines = [f"Length,{days}" if line.startswith("Length") else line for line in lines]
    period.write_text("\n".join(lines) + "\n", "utf-8")
    conflicts = folder / "conflicts.csv"
    rows = conflicts.read_text("utf-8").splitlines()
    length, (_, last) = len(rows) - 1, rows[-1].split(",", 1)
    rows += [f"{day},{last}" for day in range(length, days)]
    conflicts.write_text("\n".join(rows) + "\n", "utf-8")


def falls(found: Data, least: float) -> list[tuple[int, int, float, float]]:
    """(issue, camp, last count, count 90 days ahead) where a camp fell and falls on."""
    came, rows = found.reports.of_the_day(), []
    for day in found.reports.month_ends(180):
        if day + AHEAD >= found.reports.days:
            continue
        for camp, course in enumerate(found.reports.as_of(day)):
            last = float(course.persons[-1])
            before = float(np.interp(day - AHEAD, course.days, course.persons))
            after = float(came[day + AHEAD, camp])
            if last > 1000 and last < (1 - least) * before and after < (1 - least) * last:
                rows.append((day, camp, last, after))
    return rows


@pytest.mark.parametrize(
    ("name", "days", "least"), [("mali2012", 1400, 0.03), ("mali2017_adm1", None, 0.015)]
)
def test_falling_camps_fall_in_the_forecast(
    name: str, days: int | None, least: float, tmp_path: Path
) -> None:
    """With the moves the forecast of most falling camps falls, and errs less than without them."""
    found = data(name, tmp_path, days)
    falling = falls(found, least)
    assert len(falling) >= 3
    errors: dict[bool, list[float]] = {True: [], False: []}
    down = 0
    for day in sorted({row[0] for row in falling}):
        for moves, own in errors.items():
            belief = learn(
                found.ground, found.reports, day, shipped(), Switches(returns=moves), MEMBERS
            )
            median = np.median(look_ahead(belief, (AHEAD,))[0], axis=0)
            for _, camp, last, after in (row for row in falling if row[0] == day):
                own.append(abs(float(median[camp]) - after) / last)
                down += moves and float(median[camp]) < last
    assert down > len(falling) / 2
    assert np.mean(errors[True]) < np.mean(errors[False])
