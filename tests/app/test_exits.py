"""All exits of a case that raised its threshold: no count below it leaves, whatever the command."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from tests.present.fake_fit import fake_case, write_fake_fit
from tests.study.what_if import make_fit
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.app.commands.cite import as_dict
from nostoi.app.page.shelf import packed
from nostoi.case.load import load
from nostoi.infer.runs import Order, run_case
from nostoi.present import report
from nostoi.present.caseview import view
from nostoi.present.disclosure import Gate
from nostoi.present.evidence import observed
from nostoi.present.page import answer, document
from nostoi.present.reading import read_fit
from nostoi.present.run_file import write_run
from nostoi.present.summary import QUANTILES
from nostoi.study.cite import Citation
from nostoi.study.levers import Levers
from nostoi.study.warm import warm_up

CASES = Path(__file__).parents[1] / "cases" / "valid"
LEAST = 40_000
COUNTS = {*QUANTILES, "value", "difference", "without_it", "counted", "low", "high", "stock",
          "left_to", "home_from", *(f"{q}_all" for q in QUANTILES)}  # fmt: skip
SHELL = build()


def nostoi(*words: object) -> str:
    """What a command prints."""
    result = CliRunner().invoke(SHELL, [str(word) for word in words])
    assert result.exit_code in (0, 1), result.stderr
    return result.stdout


def raised(folder: Path) -> Path:
    """A case with a higher threshold."""
    path = folder / "case.yaml"
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("disclosure:")]
    kept.append(f"disclosure: {{threshold: {LEAST}, round_to: 5}}")
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def copied(name: str, folder: Path) -> Path:
    """A copy of a case with a higher threshold."""
    return raised(Path(shutil.copytree(CASES / name, folder / name)))


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up fit of a case with a higher threshold."""
    out = make_fit(tmp_path_factory.mktemp("raised"))
    meta = json.loads((out / "fit.json").read_text(encoding="utf-8"))
    meta["case_hash"] = load(raised(Path(meta["case_folder"]))).hash
    (out / "fit.json").write_text(json.dumps(meta), encoding="utf-8")
    return out


def rows_in(data: Any, unit: str = "") -> Iterator[dict[str, Any]]:
    """Objects that hold counts, whatever they lie in; each knows the unit said around it."""
    if isinstance(data, dict):
        unit = str(data.get("unit", unit))
        yield {**data, "unit": unit}
        for value in data.values():
            yield from rows_in(value, unit)
    elif isinstance(data, list):
        for value in data:
            yield from rows_in(value, unit)


def small(row: dict[str, Any]) -> list[float]:
    """Counts of persons below the threshold in a row; columns of a chart are lists."""
    if row["unit"].split(" ")[0] in ("share", "beds", "desks", "percent", "%", "log"):
        return []
    cells = [
        v for k in COUNTS & set(row) for v in (row[k] if isinstance(row[k], list) else [row[k]])
    ]
    numbers = [float(v) for v in cells if isinstance(v, int | float) or (v and _number(v))]
    return [n for n in numbers if abs(n) < LEAST]


def _number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def looked_at(rows: Iterator[dict[str, Any]]) -> int:
    """Asserts that no row tells a small count; how many rows there were."""
    seen = 0
    for row in rows:
        assert small(row) == [], row
        seen += bool(COUNTS & set(row))
    return seen


def tables_in(folder: Path) -> Iterator[dict[str, Any]]:
    """Rows of all CSV files, with the unit of the sidecar."""
    for path in sorted(folder.rglob("*.csv")):
        beside = path.with_suffix(".meta.json")
        meta = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                yield {"unit": meta.get("unit", ""), **row}


def test_compare_and_forecast(fit: Path, tmp_path: Path) -> None:
    words = ("compare", fit, "second-wave", "--draws", "4", "--why", "0", "-o", tmp_path / "c")
    told = json.loads(nostoi(*words, "--json"))
    for one in told["scenarios"]:
        assert max(one.pop("variance_ratio").values()) < 2, "ratios, no counts"
    assert looked_at(rows_in(told)) > 20
    asked = ("--until", "2031-01-31", "--draws", "20", "-o", tmp_path / "f", "--json")
    said = nostoi("forecast", fit, *asked)
    found = json.loads(said)
    assert looked_at(rows_in({k: v for k, v in found.items() if k != "ready"})) > 3
    assert looked_at(row for row in tables_in(tmp_path) if row.get("what") not in
                     ("ready", "would", "could")) > 100  # fmt: skip
    for path in tmp_path.rglob("*.meta.json"):
        meta = json.loads(path.read_text(encoding="utf-8"))
        if path.name not in ("pairing.meta.json", "ready.meta.json"):
            assert f"threshold {LEAST}" in meta["disclosure_control"], path.name


def test_text_of_compare_keeps_small_weeks_in(fit: Path) -> None:
    said = nostoi("compare", fit, "amnesty", "--draws", "4", "--why", "0")
    assert "when: most" not in said


def test_page(fit: Path) -> None:
    case = load(json.loads((fit / "fit.json").read_text(encoding="utf-8"))["case_folder"])
    seen, gate = view(case), Gate.of(case.spec.disclosure)
    warm = warm_up(case, fit, 4, hear=lambda _done, _total: None)
    found = warm.run(Levers(since=warm.span.first, wave="ordered"))
    made = [answer.base(warm, seen, gate), answer.answer(warm, case, found, seen, gate)]
    sent = json.loads(gzip.decompress(packed({"made": made})))
    for one in sent["made"]:
        one.pop("scenario", None)
    assert looked_at(rows_in(sent)) > 30


def test_report_and_page_of_a_fit(tmp_path: Path) -> None:
    case = fake_case(threshold=float(LEAST))
    fit = read_fit(write_fake_fit(tmp_path / "fit"))
    made = report.build(fit, case, tmp_path / "report")
    rows = [row for row in tables_in(made.folder) if "published" not in row and "ratio" not in row]
    counted = [row for row in rows if "share" not in row["unit"]]
    assert looked_at(iter(counted)) > 500
    shown = document.Shown(fit, case, Gate(LEAST, 5.0), observed(fit, case))
    assert looked_at(rows_in(document.charts(shown))) > 10


def test_run_and_parity(tmp_path: Path) -> None:
    case = copied("small", tmp_path)
    said = json.loads(nostoi("run", case, "--people", "3000", "-o", tmp_path / "r", "--json"))
    assert all(v is None or v >= LEAST for v in said["totals"].values())
    with xr.open_dataset(tmp_path / "r" / "run.nc", engine="h5netcdf") as run:
        assert str(LEAST) in run.attrs["disclosure_control"] and run.attrs["cells_withheld"] > 0
        for name, found in run.data_vars.items():
            if found.attrs["units"] == "persons":
                kept = found.values[~np.isnan(found.values)]
                assert (kept >= LEAST).all() and (kept % 5 == 0).all(), name
    words = ("parity", case, "--people", "2000", "--seeds", "2")
    levels = json.loads(nostoi(*words, "--json"))["levels"]
    for row in (row for level in levels for row in level["rows"]):
        for name in ("own_clock", "cohorts", "agents"):
            assert row[name] is None or row[name] >= LEAST


def test_camps(tmp_path: Path) -> None:
    nostoi("camps", copied("hops", tmp_path), "-o", tmp_path / "out")
    assert looked_at(tables_in(tmp_path / "out")) > 5


def test_cite_of_less_than_a_person_is_a_count(tmp_path: Path) -> None:
    case = load(CASES / "small")
    few = Citation("stock_place, BBB, 2030-05-01", np.full(40, 0.4), (), ())
    assert set(as_dict(case, few, 5)["value"].values()) == {None}
    felt = replace(few, figure="rumour_home, 2030-05-01")
    assert as_dict(case, felt, 5)["value"]["median"] == 0.4


def test_a_file_without_control_says_so(tmp_path: Path) -> None:
    run = run_case(load(CASES / "small"), Order(people=1000, seed=3))
    path = write_run(run, tmp_path, None)
    with xr.open_dataset(path, engine="h5netcdf") as found:
        assert "switched off" in found.attrs["disclosure_control"]
