"""Names in figures can be read whole, however long they are."""

from __future__ import annotations

import re

from nostoi.present.chart import fan, panels, to_svg, wrapped
from nostoi.present.disclosure import Row
from nostoi.present.report import ReportPaths

LONG = "Registration offices of the northern provinces and the land border with the south"


def test_a_long_name_keeps_every_word() -> None:
    lines = wrapped(LONG, 150).split("\n")
    assert len(lines) > 1
    assert " ".join(lines) == LONG


def test_the_name_of_a_panel_is_drawn_whole() -> None:
    row = {"low90": 1.0, "low50": 2.0, "median": 3.0, "high50": 4.0, "high90": 5.0}
    dates = ("2022-01-01", "2022-07-01")
    rows: list[Row] = [
        {"panel": panel, "date": date, **row} for panel in (LONG, "GEO") for date in dates
    ]
    chart = panels(fan(), rows, columns=4, height=110, scale="independent")
    svg = to_svg(chart, "test", "Test", "A test")
    drawn = " ".join(re.findall(r">([^<>]+)</t(?:ext|span)>", svg))
    assert "…" not in svg
    assert all(word in drawn for word in LONG.split())


def test_no_figure_of_a_report_cuts_a_name(report: ReportPaths) -> None:
    drawn = {path.name: path.read_text(encoding="utf-8") for path in report.figures}
    assert drawn
    assert not [name for name, svg in drawn.items() if "…" in svg]
