"""Cite: correlations and pulls that are known by construction, rules of a parameter, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.study.what_if import quick_target

from nostoi.app.commands.cite import as_dict, as_text
from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.infer.posterior import parameters, priors, write
from nostoi.study.cite import Citation, cite, correlation

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
SHAPE = (2, 400)


@pytest.fixture(scope="module")
def case() -> Case:
    return load(SMALL)


@pytest.fixture(scope="module")
def fit(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fit whose figure is 1000 + 100 fear, and whose first two rows pull it up and down."""
    folder = tmp_path_factory.mktemp("cite")
    target = quick_target(case)
    rng = np.random.default_rng(6)
    z = rng.standard_normal((*SHAPE, target.dim))
    own = parameters(target, z)
    fear = (own["fear"] - own["fear"].mean()) / own["fear"].std()
    rows = [row.id for row in target.panel.rows]
    likelihood = 0.01 * rng.standard_normal((*SHAPE, len(rows)))
    likelihood[..., 0] += 0.5 * fear.values
    likelihood[..., 1] -= 0.2 * fear.values
    stock = (1000 + 100 * fear.values)[..., None, None] * np.ones((2, 3))
    dates = np.array(["2030-01-07", "2030-01-14", "2030-01-21"], "datetime64[ns]")
    groups = {
        "posterior": own,
        "prior": priors(target, z),
        "log_likelihood": xr.Dataset({"row": (("chain", "draw", "obs"), likelihood)},
                                     {"obs": np.array(rows, dtype=object)}),
        "quantities": xr.Dataset(
            {"stock_place": (("chain", "draw", "place", "date"), stock),
             "stock_group": (("chain", "draw", "group", "date"), stock)},
            {"place": ["BBB", "CCC"], "group": ["called", "others"], "date": dates},
            {"group_informed": "called"}),
    }  # fmt: skip
    write(xr.DataTree.from_dict(groups), folder / "posterior.nc")
    (folder / "fit.json").write_text(json.dumps({"case_hash": case.hash}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(case: Case, fit: Path) -> Citation:
    return cite(case, fit, "stock_place", ["BBB", "2030-01-10"])


def test_the_parameter_behind_a_figure_comes_first(found: Citation) -> None:
    first, second = found.leans[:2]
    assert first.param.name == "fear" and first.correlation == pytest.approx(1.0, abs=1e-6)
    assert {"fear_of_call_up"} <= {rule.name for rule in first.rules}
    assert abs(second.correlation) < 0.2
    assert first.narrowed == pytest.approx(1.0, abs=0.1)


def test_rows_pull_as_they_were_made_to(found: Citation, case: Case) -> None:
    up, down, rest = found.rows[0], found.rows[1], found.rows[2:]
    assert up.pull == pytest.approx(0.5, abs=0.01) and down.pull == pytest.approx(-0.2, abs=0.01)
    assert all(abs(one.pull) < 0.005 for one in rest)
    assert len(found.rows) == sum(row.used for row in case.evidence.rows)
    assert up.publisher == case.evidence.sources[up.row.publisher].name
    assert found.by_publisher()[up.publisher] >= 0.49


def test_effects_with_an_axis_name_their_rule(found: Citation) -> None:
    moods = [lean for lean in found.leans if lean.param.name == "attraction"]
    assert {lean.element for lean in moods} == {"BBB", "CCC"}
    assert all([rule.name for rule in lean.rules] == ["attraction"] for lean in moods)
    profile = [lean.element for lean in found.leans if lean.param.name == "longing"]
    assert "day 365" in profile


def test_correlation_by_hand() -> None:
    assert correlation(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])) == pytest.approx(1.0)
    assert correlation(np.array([1.0, 2.0, 3.0]), np.ones(3)) == 0.0


def test_for_a_reader_and_for_a_machine(found: Citation, case: Case) -> None:
    made = as_dict(case, found, 3)
    assert made["value"]["median"] == pytest.approx(1000, abs=20)
    assert made["value"]["median"] % 5 == 0
    assert len(made["rows"]) == len(made["parameters"]) == 3
    text = as_text(made)
    assert found.rows[0].row.id in text and "rule fear_of_call_up" in text
    page = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text("utf-8")
    part = page.split("## `nostoi cite", 1)[1]
    for keys in (made, made["rows"][0], made["parameters"][0], made["parameters"][0]["rules"][0]):
        assert [key for key in keys if f"`{key}`" not in part] == []


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("stock_plase", ["BBB"], "did you mean 'stock_place'"),
        ("stock_place", ["BBC", "2030-01-10"], "did you mean 'BBB'"),
        ("stock_place", ["2030-01-10"], "more than one number"),
        ("stock_place", ["BBB", "2031-01-10"], "no label"),
        ("stock_group", ["others", "2030-01-10"], "no source tells"),
    ],
)
def test_what_does_not_pick_one_number_is_refused(
    case: Case, fit: Path, name: str, words: list[str], said: str
) -> None:
    with pytest.raises(NostoiError, match="N613") as refused:
        cite(case, fit, name, words)
    assert said in str(refused.value)


def test_a_fit_of_another_case_is_refused(case: Case, tmp_path: Path) -> None:
    with pytest.raises(NostoiError, match="N512"):
        cite(case, tmp_path, "stock_place", ["BBB"])
