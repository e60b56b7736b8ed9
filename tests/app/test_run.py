"""The commands run and parity: files whole or not at all, same seed same numbers, bad input."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.case.load import load
from nostoi.infer.runs import Order, run_case

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
SHELL = build()
DOCUMENTED = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text("utf-8")


def nostoi(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(SHELL, list(words))
    return result.exit_code, result.stdout, result.stderr


def play(out: Path, *more: str) -> xr.Dataset:
    """The file that a run of the small case writes."""
    words = ("run", str(SMALL), "--people", "5000", "--seed", "3", "-o", str(out), *more)
    code, _, err = nostoi(*words)
    assert code == 0, err
    with xr.open_dataset(out / "run.nc", engine="h5netcdf") as opened:
        return opened.load()


def test_a_run_is_one_labelled_file(tmp_path: Path) -> None:
    found = play(tmp_path / "a")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["run.nc"]
    assert "threshold 10 persons" in found.attrs["disclosure_control"]
    assert found.attrs["engine"] == "agents"
    assert found.attrs["agents"] == 5000
    assert "small" in found.attrs["source"]
    again = play(tmp_path / "b")
    xr.testing.assert_equal(found, again)


def test_nobody_is_lost_in_a_run_before_its_control() -> None:
    found = run_case(load(SMALL), Order(people=5000, seed=3))
    stocks = (
        found.home.sum("group") + found.abroad.sel(rule="any").sum("place") + found.on_the_way
        + found.returned.sel(rule="any").sum("group") + found.called_up.sum("group")
    )  # fmt: skip
    np.testing.assert_allclose(stocks, 5000 * found.attrs["persons_per_agent"], rtol=1e-12)


def test_both_engines_write_the_same_shape(tmp_path: Path) -> None:
    one = play(tmp_path / "a")
    two = play(tmp_path / "b", "--engine", "cohorts")
    assert {n: v.dims for n, v in one.items()} == {n: v.dims for n, v in two.items()}
    assert two.attrs["engine"] == "cohorts"


def with_towns(folder: Path) -> Path:
    """The small case with the towns and legs of another one."""
    shutil.copytree(SMALL, folder)
    for name in ("towns.csv", "legs.csv"):
        shutil.copy(SMALL.parent / "towns" / name, folder / name)
    return folder


def test_a_case_with_towns_is_run_over_its_roads(tmp_path: Path) -> None:
    """By default; the queues at its posts stand in the file, and can be switched off."""
    case = with_towns(tmp_path / "case")
    words = ("run", str(case), "--people", "20000", "--seed", "3", "--json", "-o")
    told = []
    for engine in ("agents", "agents-without-roads"):
        code, out, err = nostoi(*words, str(tmp_path / engine), "--engine", engine)
        assert code == 0, err
        told.append(json.loads(out)["journeys"])
    assert told == ["leg by leg", "exponential"]
    roads, plain = (
        xr.open_dataset(tmp_path / e / "run.nc") for e in ("agents", "agents-without-roads")
    )
    assert roads["queue"].dims == roads["wait"].dims == ("draw", "date", "post")
    assert roads["post"].values.tolist() == ["north-post", "south-post"]
    assert "queue" not in plain
    assert roads.attrs["engine"] == plain.attrs["engine"] == "agents"
    days = {name: data.on_the_way.sum().item() for name, data in (("r", roads), ("p", plain))}
    assert days["r"] != days["p"]
    roads.close()
    plain.close()


def test_json_of_a_run_has_its_documented_shape(tmp_path: Path) -> None:
    code, out, _ = nostoi(
        "run", str(SMALL), "--people", "1000", "-o", str(tmp_path / "r"), "--json"
    )
    found = json.loads(out)
    assert code == 0
    for key in (*found, *found["totals"]):
        assert f"`{key}`" in DOCUMENTED


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("--people", "999999999999"), "N301"),
        (("--posterior", "nowhere"), "N512"),
    ],
)
def test_bad_input_is_refused_and_nothing_written(
    words: tuple[str, ...], number: str, tmp_path: Path
) -> None:
    code, out, err = nostoi("run", str(SMALL), "-o", str(tmp_path / "r"), *words)
    assert (code, out) == (2, "")
    assert number in err
    assert not (tmp_path / "r").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "r"
    code, _, err = nostoi("run", str(SMALL), "--people", "100", "-o", str(out))
    assert code == 2
    assert "N302" in err


@pytest.mark.parametrize("words", [("--engine", "magic"), ("--people", "0"), ("--seed", "-1")])
def test_words_that_no_engine_knows(words: tuple[str, ...], tmp_path: Path) -> None:
    code, _, err = nostoi("run", str(SMALL), "-o", str(tmp_path / "r"), *words)
    assert code == 2
    assert "Traceback" not in err
    assert not (tmp_path / "r").exists()


def test_json_of_parity_has_its_documented_shape(tmp_path: Path) -> None:
    case = str(with_towns(tmp_path / "case"))
    words = ("--people", "20000", "--seeds", "2", "--contacts", "--journeys", "--json")
    code, out, _ = nostoi("parity", case, *words)
    found = json.loads(out)
    assert code in (0, 1)
    assert found["ok"] is (code == 0)
    keys = [*found, *found["levels"][0], *found["levels"][0]["rows"][0], *found["contacts"]]
    keys += [*found["journeys"], *found["journeys"]["days"], *found["journeys"]["longest_wait"]]
    for key in keys:
        assert f"`{key}`" in DOCUMENTED
