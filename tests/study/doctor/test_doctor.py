"""Doctor: one fault is put into a healthy fit at a time and found; the healthy fit has none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.study.doctor.patient import SHAPE, SMALL, changed, chart_of_healthy, in_line
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.base.errors import catalogue
from nostoi.present.doctor import as_dict, as_text
from nostoi.study.doctor.chart import Chart
from nostoi.study.doctor.conflicts import conflicts
from nostoi.study.doctor.convergence import convergence
from nostoi.study.doctor.duplicates import duplicates
from nostoi.study.doctor.examine import examine_chart
from nostoi.study.doctor.finding import FitFinding
from nostoi.study.doctor.flat import flat
from nostoi.study.doctor.identification import identification
from nostoi.study.doctor.limits import LIMITS
from nostoi.study.doctor.prior import prior_conflict
from nostoi.study.doctor.unknowns import Unknown, unknowns

RNG = np.random.default_rng(8)
ROOT = Path(__file__).parents[3]
MILD, SERIOUS = False, True
CHECKS: dict[int, Callable[[Chart, tuple[Unknown, ...]], list[FitFinding]]] = {
    63: convergence,
    64: identification,
    65: conflicts,
    66: flat,
    67: lambda chart, _: duplicates(chart),
    68: lambda _, known: prior_conflict(known),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor") / "fit"


@pytest.fixture(scope="module")
def chart(folder: Path) -> Chart:
    return chart_of_healthy(folder)


def test_a_healthy_fit_has_no_findings(chart: Chart) -> None:
    assert examine_chart(chart, in_line(chart)) == ()
    assert as_text(()) == "The doctor found nothing."


def normal(*shape: int) -> Any:
    return RNG.standard_normal((*SHAPE, *shape))


def stat(**values: Any) -> Callable[[Chart], Chart]:
    return lambda chart: changed(chart, "sample_stats", **values)


def quantity(name: str, change: Callable[[Any], Any]) -> Callable[[Chart], Chart]:
    return lambda chart: changed(
        chart, "quantities", **{name: change(chart.groups["quantities"][name].values.copy())}
    )


def shifted_chain(values: Any) -> Any:
    values[0] *= 1.5
    return values


def sticky(values: Any) -> Any:
    values[:] = np.repeat(values[:, ::40], 40, axis=1)
    return values


def not_finite(values: Any) -> Any:
    values[0, 3] = np.nan
    return values


def own_prior(chart: Chart) -> Chart:
    """A parameter as wide as its prior, with a headline number that follows it alone."""
    z = normal()
    param = chart.params["fear"]
    centre, sd = param.value[0], np.ravel(param.sd)[0]
    value = centre + sd * z if param.kind == "normal" else centre * np.exp(sd * z)
    return changed(changed(chart, "posterior", fear=value), "quantities",
                   left_total=1000 * np.exp(0.5 * z))  # fmt: skip


def out_of_prior(mean: float, sd: float) -> Callable[[Chart], Chart]:
    def damage(chart: Chart) -> Chart:
        param = chart.params["fear"]
        centre, size = param.value[0], np.ravel(param.sd)[0]
        z = mean + sd * normal()
        value = centre + size * z if param.kind == "normal" else centre * np.exp(size * z)
        return changed(chart, "posterior", fear=value)

    return damage


def liar(mean: float) -> Callable[[Chart], Chart]:
    def damage(chart: Chart) -> Chart:
        sd = np.ravel(chart.params["crossing.bias"].sd)
        value = sd * (mean + 0.3 * normal(len(sd)))
        return changed(chart, "posterior", crossing__bias=value)

    return damage


def missed(factor: float, publisher: str) -> Callable[[Chart], Chart]:
    """All predictions for the rows of a publisher are too large by a factor."""

    def damage(chart: Chart) -> Chart:
        y = chart.groups["posterior_predictive"]["y"].values.copy()
        by_id = {row.id: row for row in chart.rows}
        of = [k for k, label in enumerate(chart.obs) if by_id[label].publisher == publisher]
        y[..., of] *= factor
        return changed(chart, "posterior_predictive", y=y)

    return damage


def pulled(size: float) -> Callable[[Chart], Chart]:
    """Border and permits of BBB pull its stock apart by `size` sds each."""

    def damage(chart: Chart) -> Chart:
        stock = chart.groups["quantities"]["stock_place"].sel(place="BBB").isel(date=-1)
        figure = stock.transpose("chain", "draw").values
        standard = (figure - figure.mean()) / figure.std()
        row = chart.groups["log_likelihood"]["row"].values.copy()
        row[..., chart.obs.index("O1")] += size * standard
        row[..., chart.obs.index("O8")] -= size * standard
        return changed(chart, "log_likelihood", row=row)

    return damage


def unseen(chart: Chart) -> Chart:
    """Nobody counts at CCC, and its stock follows one unknown as wide as its prior."""
    gone = [k for k, label in enumerate(chart.obs) if label not in ("O5", "O6", "O7")]
    likelihood = chart.groups["log_likelihood"].isel(obs=gone)
    predictive = chart.groups["posterior_predictive"].isel(obs=gone)
    groups = {**chart.groups, "log_likelihood": likelihood, "posterior_predictive": predictive}
    chart = own_prior(replace(chart, groups=groups))
    fear = np.log(chart.groups["quantities"]["left_total"].values / 1000)
    stock = chart.groups["quantities"]["stock_place"].values.copy()
    at = [str(p) for p in chart.groups["quantities"]["place"].values].index("CCC")
    stock[:, :, at] = 1000 * np.exp(fear)[..., None] * np.arange(1, stock.shape[-1] + 1)
    return changed(chart, "quantities", stock_place=stock)


def with_row(**changes: Any) -> Callable[[Chart], Chart]:
    """One more used row like O8, with changes."""

    def damage(chart: Chart) -> Chart:
        first = next(row for row in chart.rows if row.id == "O8")
        titled = first.model_copy(update={"source_title": "Permits in force"})
        again = titled.model_copy(update={"id": "O99", **changes})
        return replace(chart, rows=(*(titled if r is first else r for r in chart.rows), again))

    return damage


FAULTS: dict[str, tuple[int, bool, str, Callable[[Chart], Chart]]] = {
    "approximate": (631, SERIOUS, "fit.json",
                    lambda chart: replace(chart, meta={**chart.meta, "approximate": True})),
    "chains disagree": (632, SERIOUS, "left_total", quantity("left_total", shifted_chain)),
    "few draws": (633, SERIOUS, "left_total", quantity("left_total", sticky)),
    "divergent": (634, SERIOUS, "sample_stats", stat(diverging=np.arange(SHAPE[1]) == 7)),
    "slow energy": (635, SERIOUS, "chain ", stat(energy=np.cumsum(normal(), axis=1))),
    "stands still": (636, MILD, "chain 0", stat(lp=np.maximum(np.arange(SHAPE[1]), 30.0))),
    "stands still for long": (636, SERIOUS, "chain 0",
                              stat(lp=np.maximum(np.arange(SHAPE[1]), 90.0))),
    "accepts too much": (637, MILD, "chain 0", stat(acceptance_rate=0.97)),
    "accepts too little": (637, SERIOUS, "chain 0", stat(acceptance_rate=0.1)),
    "learned nothing": (641, MILD, "posterior", own_prior),
    "headline from the prior": (642, SERIOUS, "left_total", own_prior),
    "publisher misses": (651, SERIOUS, "Border police", missed(4.0, "police-b")),
    "row far off": (652, MILD, "O4", missed(6.0, "guards-a")),
    "biased": (653, MILD, "(crossing)", liar(2.8)),
    "badly biased": (653, SERIOUS, "(crossing)", liar(-4.0)),
    "observers apart": (654, MILD, "stock_place[BBB]", pulled(1.5)),
    "observers far apart": (654, SERIOUS, "stock_place[BBB]", pulled(2.5)),
    "zero": (661, SERIOUS, "returned_end", quantity("returned_end", lambda v: 0 * v)),
    "constant": (661, MILD, "rumour_home", quantity("rumour_home", lambda v: 0 * v + 0.3)),
    "flat in time": (662, MILD, "leave_week", quantity("leave_week", lambda v: v[..., :1])),
    "host unseen": (663, MILD, "CCC", unseen),
    "not finite": (664, SERIOUS, "again_total", quantity("again_total", not_finite)),
    "counted twice": (671, SERIOUS, "O8, O99", with_row()),
    "passed on": (672, MILD, "O8, O99", with_row(publisher="paper")),
    "same title": (673, MILD, "O8, O99", with_row(period_start=date(2030, 6, 1),
                                                  period_end=date(2030, 7, 30))),
    "far from its prior": (681, SERIOUS, "fear", out_of_prior(-3.0, 0.3)),
    "against its prior": (682, MILD, "fear", out_of_prior(2.2, 0.8)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_found(chart: Chart, fault: str) -> None:
    number, serious, where, damage = FAULTS[fault]
    sick = damage(chart)
    found = [one for one in CHECKS[number // 10](sick, unknowns(sick)) if one.number == number]
    assert found, f"N{number} is missing"
    assert found[0].serious is serious
    assert where in found[0].where
    words = as_dict(found[0])
    assert words["title"] == catalogue()[number].title and words["what"]
    assert f"N{number}" in as_text(found)


def test_every_number_of_the_doctor_has_its_fault() -> None:
    seeded = {fault[0] for fault in FAULTS.values()} | {655, 691}
    assert {n for n in catalogue() if 631 <= n < 700} == seeded


@pytest.mark.parametrize("repair", [{"repeats": "O8", "observer": "", "reason": "repeats O8"},
                                    {"observer": "", "reason": "a copy"}])  # fmt: skip
def test_a_repeat_that_says_so_is_no_finding(chart: Chart, repair: dict[str, str]) -> None:
    assert duplicates(with_row(**repair)(chart)) == []


def test_thresholds_are_on_the_page() -> None:
    page = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
    for name, one in LIMITS.items():
        assert f"| `{name}` | {one.value:g} | {one.reason} |" in page


def nostoi(*words: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(build(), [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_and_its_exit_codes(
    chart: Chart, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The made-up posterior is none of these figures; what they would say of it is left out."""
    monkeypatch.setattr("nostoi.study.doctor.examine.around_mean", lambda *_: in_line(chart))
    code, text, error = nostoi("doctor", folder)
    assert (code, text.strip()) == (0, "The doctor found nothing.")
    assert error == "Examining the fit; of a large one it takes half a minute ...\n"
    meta = folder / "fit.json"
    kept = meta.read_text(encoding="utf-8")
    meta.write_text(json.dumps(json.loads(kept) | {"approximate": True}), encoding="utf-8")
    try:
        code, text, _ = nostoi("doctor", folder, "--json")
    finally:
        meta.write_text(kept, encoding="utf-8")
    said = json.loads(text)
    assert code == 1 and said["ok"] is False
    assert [one["number"] for one in said["findings"]] == [631]
    page = (ROOT / "docs" / "json-output.md").read_text(encoding="utf-8")
    part = page.split("\n## `nostoi doctor", 1)[1].split("\n## ", 1)[0]
    keys = {k for line in part.splitlines() if line.startswith("| `")
            for k in re.findall(r"`(\w+)`", line.split("|")[1])}  # fmt: skip
    assert keys == set(said) | set(said["findings"][0])


@pytest.mark.parametrize(("meta", "number"), [({"status": "sampling"}, "N512"),
                                              ({"case_hash": "other"}, "N512"),
                                              (None, "N701")])  # fmt: skip
def test_bad_input_is_refused(tmp_path: Path, meta: dict[str, str] | None, number: str) -> None:
    if meta is not None:
        said = {"case_folder": str(SMALL)} | meta
        (tmp_path / "fit.json").write_text(json.dumps(said), encoding="utf-8")
    code, text, error = nostoi("doctor", tmp_path)
    assert (code, text) == (2, "") and number in error


def test_words_name_few_of_many() -> None:
    facts = {"many": 12, "all": 20, "names": [f"p{k}" for k in range(12)]}
    said = as_dict(FitFinding(641, False, "posterior", 0.6, 0.8, facts))["what"]
    assert said.endswith("p7 and 4 more") and "80%" in said
