"""Paired differences: nothing changes nothing, the past stays, and common draws pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.engine.fused.run import run as fused_run
from nostoi.study import stage as staging
from nostoi.study.compare import Comparison, Order, compare, variance_ratio
from nostoi.study.horizon import horizon_of, normal, values_until
from nostoi.study.outcomes import DIMS, measure_of
from nostoi.study.stage import Stage, play_all

WORDS = ("nothing", "second-wave", "amnesty", "shorter-stay", "money-falls")
SINCE = date(2030, 7, 2)


@pytest.fixture(scope="module")
def found(case: Case, fit: Path) -> Comparison:
    return compare(case, Order(WORDS, fit, draws=12, why=2))


def parts(found: Comparison, word: str) -> dict[str, np.ndarray]:
    return dict(next(one for one in found.contrasts if one.word == word).parts)


def test_a_scenario_without_changes_changes_nothing_to_the_byte(found: Comparison) -> None:
    for name, difference in parts(found, "nothing").items():
        assert difference.tobytes() == np.zeros_like(difference).tobytes(), name
    assert found.why[0] == ()


def test_nothing_differs_before_the_scenario_begins(found: Comparison) -> None:
    before = [k for k, day in enumerate(found.dates) if day < SINCE]
    assert len(before) > 20
    for word in WORDS[1:]:
        for name, difference in parts(found, word).items():
            assert not difference[..., before].any(), (word, name)
        assert parts(found, word)["stock"][:, 0, -1].all()


def test_the_base_and_a_scenario_do_not_depend_on_company(
    found: Comparison, case: Case, fit: Path
) -> None:
    alone = compare(case, Order(("money-falls",), fit, draws=12))
    for name, value in alone.base.items():
        assert value.tobytes() == found.base[name].tobytes(), name
        assert (
            alone.contrasts[0].parts[name].tobytes() == parts(found, "money-falls")[name].tobytes()
        )


def test_the_base_is_the_run_of_the_fit(found: Comparison, case: Case) -> None:
    model = found.horizon.model
    values = {name: value[3] for name, value in found.values.items()}
    plain = measure_of(model.world.clock)(fused_run(model, values), None)
    assert set(plain) == set(DIMS) == set(found.base)
    for name, value in plain.items():
        np.testing.assert_allclose(found.base[name][3], value, rtol=1e-10, atol=1e-9, err_msg=name)


def test_persons_are_only_moved(found: Comparison) -> None:
    """More abroad, returned, on the way or called up than before means fewer at home."""
    wave = parts(found, "second-wave")
    gone = wave["leave"].sum(1) + wave["called"].sum(1)
    elsewhere = wave["stock"][:, 0, -1] + wave["returned"][:, 0, -1] + wave["called"].sum(1)
    assert (gone > 0).all()
    assert (elsewhere <= gone * (1 + 1e-9)).all()
    assert (wave["leave_to"].sum((1, 2)) == pytest.approx(
        wave["leave"].sum(1) + wave["again"].sum(1), rel=1e-9))  # fmt: skip


def test_signs_are_those_of_the_rules(found: Comparison) -> None:
    assert (parts(found, "second-wave")["leave"].sum(1) > 0).all()
    assert (parts(found, "shorter-stay")["stock_place"][:, 1, -1] < 0).all()
    assert (parts(found, "money-falls")["home"].sum(1) < 0).all()
    assert (parts(found, "amnesty")["home"].sum(1).mean()) > 0


def test_pairing_cuts_the_variance_to_a_fifth(found: Comparison) -> None:
    for one in found.contrasts:
        if one.word != "second-wave":
            assert one.ratios["stock"] <= 0.2, one.word


def test_variance_ratio_by_hand() -> None:
    base = np.array([0.0, 2.0, 4.0])
    assert variance_ratio(base, base + 7.0) == 0.0
    assert variance_ratio(base, -base) == pytest.approx(2.0)
    assert variance_ratio(np.ones(3), np.ones(3)) == 0.0


def test_rules_that_carry_a_difference(found: Comparison) -> None:
    why = dict(zip(WORDS, found.why, strict=True))
    assert [share.rule.name for share in why["amnesty"]] == ["amnesty_trusted"]
    assert why["amnesty"][0].carried == pytest.approx(1.0, abs=1e-6)
    names = [share.rule.name for share in why["second-wave"]]
    assert "panic" in names[:2] and "quota" in names
    assert {"leave_to_stay_ends", "papers_there", "papers_elsewhere"} == {
        share.rule.name for share in why["shorter-stay"]
    }
    for word, shares in why.items():
        whole = parts(found, word)["stock"][:2, 0, -1]
        for share in shares:
            np.testing.assert_allclose(share.whole, whole, rtol=1e-6, atol=1e-6)


def test_an_amnesty_is_as_uncertain_as_its_parameter(case: Case, fit: Path) -> None:
    words = ("amnesty", "amnesty-sure")
    found = compare(case, Order(words, fit, draws=20))
    drawn, held = (one.parts["home"].sum(1) / found.base["home"][:, 26:].sum(1)
                   for one in found.contrasts)  # fmt: skip
    assert drawn.std() > 3 * held.std()


def test_the_readable_engine_gives_the_same(
    case: Case, fit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Order(("shorter-stay",), fit, draws=2)
    quick = compare(case, order)
    monkeypatch.setattr(staging, "available", lambda: False)
    slow = compare(case, order)
    for name, value in slow.contrasts[0].parts.items():
        np.testing.assert_allclose(value, quick.contrasts[0].parts[name], rtol=1e-6, atol=1e-3)


def test_two_scenarios_at_once_in_any_order(case: Case, fit: Path) -> None:
    words = ("money-falls+shorter-stay", "shorter-stay+money-falls")
    until = date(2031, 3, 31)
    found = compare(case, Order(words, fit, draws=3, until=until))
    assert found.dates[-1] == until and found.base["stock"].shape[-1] == len(found.dates)
    one, two = (contrast.parts["stock"] for contrast in found.contrasts)
    assert one.tobytes() == two.tobytes()
    with pytest.raises(NostoiError, match="N176"):
        compare(case, Order(("amnesty+amnesty-sure",), fit, draws=3))


def test_more_days_leave_the_numbers_of_a_draw(case: Case, fit: Path) -> None:
    near, far = (horizon_of(case, date(2031, month, 28)) for month in (3, 9))
    _, first = values_until(near, fit, case.hash, 6, seed=9)
    _, second = values_until(far, fit, case.hash, 6, seed=9)
    fitted = horizon_of(case).fitted.world.knots.shape[1]
    for name in ("leave_mood", "return_mood"):
        n = first[name].shape[1]
        assert fitted < n < second[name].shape[1]
        np.testing.assert_array_equal(first[name], second[name][:, :n])
    steps = np.diff(second["return_mood"][:, fitted - 1 :], axis=1)
    assert 0.1 < steps.std() < 0.5


def test_normal_numbers_are_normal_and_keyed() -> None:
    drawn = np.array([normal(1, "leave_mood", k, 3) for k in range(4000)])
    assert abs(drawn.mean()) < 0.05 and abs(drawn.std() - 1) < 0.04
    assert normal(1, "leave_mood", 7, 3) == drawn[7]
    others = [normal(2, "leave_mood", 7, 3), normal(1, "return_mood", 7, 3),
              normal(1, "leave_mood", 7, 4)]  # fmt: skip
    assert drawn[7] not in others


def test_threads_and_order_change_nothing(
    case: Case, fit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    horizon = horizon_of(case)
    stage = Stage(horizon.model, measure_of(horizon.model.world.clock))
    _, values = values_until(horizon, fit, case.hash, 8, seed=1)
    two = play_all(stage, stage.scenery(), [], values)[0]
    monkeypatch.setattr(staging, "THREADS", 1)
    back = {name: value[::-1] for name, value in values.items()}
    one = play_all(replace(stage), stage.scenery(), [], back)[0]
    for name, value in two.items():
        assert value.tobytes() == one[name][::-1].tobytes(), name
