"""The commands compare and forecast: documented JSON, whole folders, bad input with its number."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.study.what_if import make_fit
from typer.testing import CliRunner

from nostoi.app.cli import build

SHELL = build()
JSON = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text("utf-8")


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up fit of a small case."""
    return make_fit(tmp_path_factory.mktemp("shell"))


def nostoi(*words: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(SHELL, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def keys(title: str) -> list[set[str]]:
    """Keys of the tables under a heading of the page, one set per table."""
    text = JSON.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]
    tables = re.split(r"\n\| key \|.*\n", text)[1:]
    return [
        {key for line in table.splitlines() if line.startswith("| `")
         for key in re.findall(r"`(\w+)`", line.split("|")[1])}
        for table in tables
    ]  # fmt: skip


def test_compare_writes_and_prints_what_the_page_says(fit: Path, tmp_path: Path) -> None:
    out = tmp_path / "c"
    words = ("compare", fit, "amnesty", "nothing", "--draws", "6", "--why", "1", "-o", out)
    code, text, error = nostoi(*words, "--json")
    assert code == 0, error
    found: dict[str, Any] = json.loads(text)
    top, scenario, difference, rule = keys("`nostoi compare")
    assert set(found) == top
    assert [one["scenario"] for one in found["scenarios"]] == ["amnesty", "nothing"]
    for one in found["scenarios"]:
        assert set(one) == scenario
        assert all(set(row) | {"withheld"} == difference for row in one["differences"])
        assert all(set(row) | {"withheld"} == rule for row in one["rules"])
    groups = {row["of"] for row in found["scenarios"][0]["differences"] if "group" in row["what"]}
    assert groups == {"called"}
    names = {"differences", "weeks", "rules", "pairing"}
    tables = {f"{name}.{end}" for name in names for end in ("csv", "meta.json")}
    picture = {f"contrasts.{end}" for end in ("svg", "csv", "meta.json")}
    assert {p.name for p in out.iterdir()} == tables | picture
    again, first = tmp_path / "again", (out / "differences.csv").read_bytes()
    assert nostoi(*words[:-1], again)[0] == 0
    assert (again / "differences.csv").read_bytes() == first


def test_forecast_writes_and_prints_what_the_page_says(fit: Path, tmp_path: Path) -> None:
    out = tmp_path / "f"
    words = ("forecast", fit, "--until", "2031-01-31", "--draws", "20", "-o", out)
    code, text, error = nostoi(*words, "--json")
    assert code == 0, error
    found = json.loads(text)
    top, row = keys("`nostoi forecast")
    assert set(found) == top
    assert set(found["quantiles"][0]) == row
    pictures = {f"forecast_{n}.{e}" for n in ("stocks", "moves", "arrivals")
                for e in ("svg", "csv", "meta.json")}  # fmt: skip
    tables = {
        f"{n}.{e}" for n in ("forecast", "peaks", "posts", "ready") for e in ("csv", "meta.json")
    }
    assert {p.name for p in out.iterdir()} == pictures | tables


def test_design_is_documented() -> None:
    from tests.study.test_design import DAY, PAPER

    from nostoi.case.candidates import Wanted
    from nostoi.present.disclosure import Gate
    from nostoi.present.worth import ranked
    from nostoi.study.design import Check, Verdict

    found = ranked(
        [Verdict(PAPER, 0.5, 0.01, 0.5, 100.0)],
        {"paper": Check(0.5, 0.5, 0.1, np.ones(3))},
        100.0,
        Gate(10.0, 5.0),
    )
    _, row = keys("`nostoi design")
    assert set(found.rows[0]) | {"withheld"} == row
    assert Wanted(what="abroad", date=DAY).rule == "any"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("compare", "FIT", "second-wafe"), "N174"),
        (("compare", "FIT", "amnesty+amnesty-sure"), "N176"),
        (("compare", "FIT", "amnesty", "--draws", "999"), "N512"),
        (("compare", "nowhere"), "N701"),
        (("forecast", "FIT", "--until", "2030-05-05"), "N611"),
        (("forecast", "FIT", "--until", "2031-05-05", "--per-thousand", "beds=many"), "N612"),
        (("forecast", "FIT", "--until", "2031-05-05", "--per-thousand", "cots=3"), "N612"),
    ],
)
def test_bad_input_is_refused(fit: Path, words: tuple[str, ...], number: str) -> None:
    code, out, error = nostoi(*(fit if word == "FIT" else word for word in words))
    assert (code, out) == (2, "")
    assert number in error


def test_a_folder_of_something_else_is_left_alone(fit: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, _, error = nostoi("compare", fit, "nothing", "--draws", "2", "--why", "0", "-o", tmp_path)
    assert code == 2 and "N704" in error
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
