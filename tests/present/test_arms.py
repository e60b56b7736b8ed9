"""The folder of the arms: what leaves has passed the gate, and the tables say what was run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.study.arms.conflict import flee_case
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.base.errors import NostoiError
from nostoi.case.load import load
from nostoi.present.arms import write_arms
from nostoi.present.arms_rows import page
from nostoi.study.arms.run import data_of, run_arms


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An imported case of 70 days with two camps."""
    return flee_case(tmp_path_factory.mktemp("toy")).folder


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_folder_of_all_arms(toy: Path, tmp_path: Path) -> None:
    """One page, quantiles that rise and are rounded, and a figure for each camp."""
    case = load(toy)
    arms = run_arms(data_of(case), members=40)
    found = write_arms(arms, case, tmp_path / "out")
    text = found.read_text(encoding="utf-8")
    assert "| monthly |" in text
    assert "| reproduce |" in text
    assert "| camps | 30 | nostoi |" in text
    rows = read(tmp_path / "out" / "forecast.csv")
    one = [r for r in rows if r["location"] == "all camps" and r["reference_date"] == "2030-01-31"]
    values = [float(r["value"]) for r in one if r["horizon"] == "30 days" and r["value"]]
    assert values == sorted(values)
    assert all(value % 5 == 0 and value >= 10 for value in values)
    assert {r["target_end_date"] for r in one} == {"2030-03-02", "2030-04-01", "2030-05-01"}
    figures = sorted(p.name for p in (tmp_path / "out").glob("camp-*.svg"))
    assert figures == ["camp-01-north.svg", "camp-02-south.svg"]
    drawn = read(tmp_path / "out" / "camp-01-north.csv")
    assert len({row["panel"] for row in drawn}) == 7
    meta = json.loads((tmp_path / "out" / "scores.meta.json").read_text(encoding="utf-8"))
    assert "UNHCR" in meta["sources"]


def test_one_arm_alone(toy: Path) -> None:
    """What was not asked for is neither run nor told."""
    data = data_of(load(toy))
    told = page(run_arms(data, ("no-peeking",), members=40), "Toy")
    assert "Arrivals known" in told
    assert "Forecasts" not in told
    other = page(run_arms(data, ("forecast",), members=40), "Toy")
    assert "Arrivals known" not in other


def test_hindsight_changes_what_is_read(toy: Path) -> None:
    """The count of day 30 is halved once the registration of day 40 is taken as known."""
    assert data_of(load(toy)).reports.as_of(30)[0].persons[-1] == 2000.0
    assert data_of(load(toy), hindsight=True).reports.as_of(30)[0].persons[-1] == 1000.0


def test_the_command(toy: Path, tmp_path: Path) -> None:
    """JSON for a machine; a folder that exists is refused with code 2 and left as it is."""
    out = tmp_path / "arms"
    words = ["space", str(toy), "-o", str(out), "--arm", "no-peeking", "--members", "20", "--json"]
    done = CliRunner().invoke(build(), words)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert {row["way"] for row in said["errors"]} >= {"once", "monthly", "share30"}
    assert said["scores"] == []
    assert set(said) == {"format", "ok", "page", "errors", "scores"}
    assert set(said["errors"][0]) == {"way", "ard", "rescaled_ard", "has_seen"}
    before = sorted(out.iterdir())
    again = CliRunner().invoke(build(), words)
    assert again.exit_code == 2
    assert "N801" in again.output
    assert sorted(out.iterdir()) == before


def test_a_case_without_sites_is_refused() -> None:
    """Numbered, with a remedy."""
    small = Path(__file__).parents[1] / "cases" / "valid" / "small"
    with pytest.raises(NostoiError, match="N304"):
        data_of(load(small))


def test_a_short_case_is_refused(tmp_path: Path) -> None:
    """Sixty days are needed: N309, and nothing is written."""
    folder = flee_case(tmp_path, days=55).folder
    done = CliRunner().invoke(build(), ["space", str(folder), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2, done.output
    assert "N309" in done.output
    assert not (tmp_path / "out").exists()
