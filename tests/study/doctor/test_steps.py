"""Doctor: steps that are too long for a shock are found, and none where days resolve it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.study.doctor.patient import SMALL, chart_of_healthy

from nostoi.base.errors import catalogue
from nostoi.case.load import load
from nostoi.present.doctor import as_dict
from nostoi.study.doctor.chart import Chart
from nostoi.study.doctor.steps import steps

WINDOW = "clock: {step: 7 days, daily: [{from: 2030-03-01, to: 2030-03-31}]}"


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Chart:
    return chart_of_healthy(tmp_path_factory.mktemp("steps") / "fit")


def clocked(folder: Path, clock: str, decree: str = "2030-03-04") -> Path:
    """The small case on another clock, with the decree on another day."""
    copy = folder / SMALL.name
    shutil.copytree(SMALL, copy)
    text = (copy / "case.yaml").read_text(encoding="utf-8")
    assert WINDOW in text
    (copy / "case.yaml").write_text(text.replace(WINDOW, clock), encoding="utf-8")
    signals = (copy / "signals.csv").read_text(encoding="utf-8")
    moved = signals.replace("S1,2030-03-04", f"S1,{decree}")
    (copy / "signals.csv").write_text(moved, encoding="utf-8")
    return copy


def test_a_shock_inside_a_week_is_found(chart: Chart, tmp_path: Path) -> None:
    """The knots stay where they were; the decree moves into a week of summer."""
    found = steps(load(clocked(tmp_path, WINDOW, decree="2030-07-06")), chart)
    assert [one.number for one in found] == [691]
    assert found[0].facts["week"] == "2030-07-08"
    words = as_dict(found[0])
    assert words["title"] == catalogue()[691].title and "2030-07-08" in words["what"]


@pytest.mark.parametrize("clock", [WINDOW, WINDOW.replace("7 days", "1 days")])
def test_days_around_the_shock_are_enough(chart: Chart, tmp_path: Path, clock: str) -> None:
    assert steps(load(clocked(tmp_path, clock)), chart) == []
