"""The report is one page without a network, whole or absent, and says how far to trust it."""

from __future__ import annotations

import csv
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.present.fake_fit import fake_case, write_fake_fit

from nostoi.base.errors import NostoiError
from nostoi.present.evidence import observed
from nostoi.present.reading import Fit, read_fit
from nostoi.present.report import ReportPaths, build, write_report
from nostoi.present.summary import QUANTILES

FLAGSHIP = Path(__file__).parents[2] / "cases" / "russia-2022"


class Links(HTMLParser):
    """Collects every address in a page, with its tag, and the labels of its pictures."""

    def __init__(self) -> None:
        """Start with nothing found."""
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.pictures: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses."""
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "srcset", "data", "action"):
                self.found.append((tag, value or ""))
        if tag == "svg":
            self.pictures.append(dict(attrs).get("aria-label") or "")


def table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def links(page: str) -> Links:
    found = Links()
    found.feed(page)
    return found


def test_nothing_is_fetched_from_a_network(links: Links, page: str) -> None:
    outside = [(tag, to) for tag, to in links.found if re.match(r"(https?:)?//", to)]
    assert outside and {tag for tag, _ in outside} == {"a"}
    assert not links.tags & {"script", "iframe", "link", "object", "embed"}
    assert "@import" not in page and not re.search(r"url\((?!#)", page)


def test_page_is_small(report: ReportPaths) -> None:
    assert report.html.stat().st_size < 5_000_000


def test_every_figure_has_picture_data_and_words(report: ReportPaths, links: Links) -> None:
    assert len(report.figures) >= 15
    assert len(links.pictures) == len(report.figures)
    assert all(len(words) > 40 for words in links.pictures)
    for svg in report.figures:
        assert "aria-label" in svg.read_text(encoding="utf-8")
        rows = table(svg.with_suffix(".csv"))
        meta = json.loads(svg.with_suffix(".meta.json").read_text(encoding="utf-8"))
        assert rows
        assert {"unit", "case_hash", "nostoi", "vintages", "definition"} <= set(meta)


def test_every_link_within_the_report_leads_somewhere(
    report: ReportPaths, links: Links, page: str
) -> None:
    for _, to in links.found:
        if to.startswith("#"):
            assert f'id="{to[1:]}"' in page or "clip" in to or "gradient" in to
        elif not to.startswith("http"):
            assert (report.folder / to).is_file()


def test_no_small_count_in_any_file(report: ReportPaths) -> None:
    counted = {"stocks_rule", "stocks_host", "moves", "returned"}
    for name in counted:
        for row in table(report.folder / "figures" / f"{name}.csv"):
            values = [row[q] for q in QUANTILES]
            assert all(value == "" or float(value) >= 10 for value in values)


def test_headline_numbers_have_definition_interval_and_date(report: ReportPaths) -> None:
    rows = table(report.headline)
    assert {"left_since_event", "abroad_end", "returned_end", "ready_total"} <= {
        row["name"] for row in rows
    }
    for row in rows:
        assert row["definition"] and row["date"] == "2023-12-31"
        assert float(row["low90"]) <= float(row["median"]) <= float(row["high90"])


def test_a_number_that_is_withheld_has_no_intervals(tmp_path: Path) -> None:
    fit = read_fit(write_fake_fit(tmp_path / "fit"))
    fit.quantities["returned_end"].loc[{"rule": "12m"}] = 3.0
    found = build(fit, fake_case(), tmp_path / "report")
    withheld = sum(row["median"] == "" for row in table(found.headline))
    page = found.html.read_text(encoding="utf-8")
    assert withheld == 1 and page.count('class="interval"') == 2 * (8 - withheld)


def test_returned_stands_under_all_rules_beside_published_shares(page: str) -> None:
    table = page.split('id="table-contradictions"')[1].split("</table>", maxsplit=1)[0]
    for rule in ("any stay", "3 months", "6 months", "12 months"):
        assert f"Ours: {rule}" in table
    for row in ("RU22-0000", "RU22-0001", "RU22-0002", "RU22-0523", "RU22-0980"):
        assert row in table


def test_group_splits_only_where_informed(page: str) -> None:
    groups = page.split('id="table-groups"')[1].split("</table>", maxsplit=1)[0]
    assert "men of call-up age with means" in groups
    assert "political activists" not in groups
    assert "Not shown by group" in page


def test_draws_travel_with_the_report_only_on_request(
    report: ReportPaths, fit: Fit, tmp_path: Path
) -> None:
    """They pass no disclosure control, and whoever copies them leaves a trace in each file."""
    assert report.posterior is None
    found = build(fit, fake_case(), tmp_path / "report", draws=True)
    assert found.posterior is not None
    assert found.posterior.read_bytes() == fit.posterior.read_bytes()
    said = json.loads((found.folder / "headline.meta.json").read_text(encoding="utf-8"))
    assert "no disclosure control" in said["override"]
    assert said["disclosure_control"] == "threshold 10 persons, rounded to 5"


def test_a_converged_fit_has_no_stamp(page: str) -> None:
    assert 'class="chip"' not in page and 'role="alert"' not in page


@pytest.mark.parametrize(
    ("meta", "stamp"),
    [
        ({"approximate": True, "method": "short chains"}, "Approximate (quick fit)"),
        ({"diagnostics": {"converged": False, "reasons": ["R-hat 1.3"]}}, "Not converged"),
        ({"status": "sampling"}, "Not finished"),
    ],
)
def test_stamp_shows_everywhere(tmp_path: Path, meta: dict[str, object], stamp: str) -> None:
    found = build(read_fit(write_fake_fit(tmp_path / "fit", **meta)), fake_case(), tmp_path / "o")
    page = found.html.read_text(encoding="utf-8")
    chips = page.count(f'<span class="chip">{stamp}</span>')
    places = sum(page.count(mark) for mark in ("<caption>", "<figcaption>", "<article"))
    assert chips >= places
    assert f"<strong>{stamp}.</strong>" in page
    for svg in found.figures:
        assert stamp.upper() in svg.read_text(encoding="utf-8")
        meta_file = svg.with_suffix(".meta.json").read_text(encoding="utf-8")
        assert json.loads(meta_file)["stamp"] in (stamp, read_fit(tmp_path / "fit").stamp)


def test_failure_midway_leaves_nothing(
    fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("nostoi.present.report.write_csv", fail)
    with pytest.raises(OSError, match="disk is full"):
        build(fit, fake_case(), tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_earlier_report(
    fit: Fit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build(fit, fake_case(), tmp_path / "report")
    before = first.html.read_text(encoding="utf-8")
    replace = os.replace

    def fail(source: Path, target: Path) -> None:
        if Path(target).name == "report" and not Path(source).name.endswith("-old"):
            raise OSError("no")
        replace(source, target)

    monkeypatch.setattr("nostoi.present.report.os.replace", fail)
    with pytest.raises(OSError, match="no"):
        build(fit, fake_case(title="Second"), tmp_path / "report")
    assert first.html.read_text(encoding="utf-8") == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_foreign_folder_is_not_replaced(fit: Fit, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(NostoiError, match="N704"):
        build(fit, fake_case(), tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_missing_or_incomplete_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NostoiError, match="N701"):
        read_fit(tmp_path)
    folder = write_fake_fit(tmp_path / "fit")
    xr.DataTree.from_dict({"posterior": xr.Dataset()}).to_netcdf(
        folder / "posterior.nc", engine="h5netcdf"
    )
    with pytest.raises(NostoiError, match="N702"):
        read_fit(folder)
    (folder / "posterior.nc").write_bytes(b"cut off")
    with pytest.raises(NostoiError, match=r"N701[\s\S]*posterior.nc"):
        read_fit(folder)


def test_a_changed_case_is_said(fit: Fit, tmp_path: Path) -> None:
    found = build(fit, fake_case(hash="other"), tmp_path / "report")
    assert "The case has changed since this fit" in found.html.read_text(encoding="utf-8")


def test_script_in_a_case_stays_text(fit: Fit, tmp_path: Path) -> None:
    case = fake_case(title="<script>alert(1)</script>", limits="- <img src=x onerror=alert(1)>")
    page = build(fit, case, tmp_path / "report").html.read_text(encoding="utf-8")
    assert "<script>" not in page and "<img" not in page


def test_ranges_and_open_ends_meet_the_interval(fit: Fit) -> None:
    one = observed(fit, fake_case())[0]
    e = one.shown
    assert e.high90 is not None and e.low90 is not None
    far = type(one)(**{**vars(one), "value": 10 * e.high90})
    assert not far.inside(90) and far.distance > 1
    at_least = type(one)(**{**vars(one), "value": np.nan, "low": e.low90 / 10, "high": np.inf})
    assert at_least.inside(90) and at_least.distance == 0


def test_a_fit_folder_leads_to_its_case(tmp_path: Path) -> None:
    folder = write_fake_fit(tmp_path / "fit", case_folder=str(FLAGSHIP))
    found = write_report(folder, tmp_path / "report")
    page = found.html.read_text(encoding="utf-8")
    assert "Kazakhstan" in page and "The case has changed since this fit" in page
