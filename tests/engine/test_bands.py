"""Means over bands of savings: the short way is the long way, and is taken only where it holds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.testing import assert_allclose

from nostoi.base.maths import log
from nostoi.engine import bands
from nostoi.engine.hazards import factor
from nostoi.rules.card import Rule, able, push
from nostoi.rules.money import money_gone


@push("go_home", source="a test", part="S7")
def bent(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Not proportional to its parameter."""
    return p.hardship * p.hardship * who.savings


@push("go_home", source="a test", part="S7")
def far(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A push without bands."""
    return -p.distance * at.far


@able("go_home", source="a test", part="S7")
def open_to(who: Any, at: Any, now: Any, p: Any) -> Any:
    """An ability without bands."""
    return 0.5 * who.share


@push("go_home", source="a test", part="S7")
def undefined(who: Any, at: Any, now: Any, p: Any) -> Any:
    """No number for a parameter of 0 or below."""
    return who.savings / p.hardship + log(p.hardship)


def view_of(seed: int) -> SimpleNamespace:
    """A view of 4 bands, 3 groups, 2 places, 5 phases and 6 dates."""
    rng = np.random.default_rng(seed)
    weights = rng.random((4, 3, 1, 1, 1))
    return SimpleNamespace(
        who=SimpleNamespace(
            savings=rng.uniform(-3, 9, (4, 3, 2, 5, 6)), share=rng.random((3, 1, 1, 1))
        ),
        at=SimpleNamespace(far=rng.random((1, 2, 1, 6))),
        now=SimpleNamespace(),
        p=SimpleNamespace(hardship=jnp.asarray(0.8), distance=jnp.asarray(0.3)),
        weights=jnp.asarray(weights / weights.sum(0)),
    )


def by_hand(view: SimpleNamespace, rules: tuple[Rule, ...]) -> Any:
    """The factor, the mean of whole products."""
    whole: Any = 1.0
    for rule in rules:
        value = np.asarray(rule(view.who, view.at, view.now, view.p))
        whole = whole * (np.exp(value) if rule.kind == "push" else value)
    return (whole * np.asarray(view.weights)).sum(0)


def test_the_short_way_is_the_mean_of_whole_products() -> None:
    view = view_of(1)
    rules = (money_gone, far, open_to)
    assert bands.push_of_one((money_gone,), view, "hardship") is not None
    assert_allclose(factor("go_home", rules, view), by_hand(view, rules), rtol=1e-12)
    assert_allclose(factor("go_home", rules[:2], view), by_hand(view, rules[:2]), rtol=1e-12)


def test_a_push_that_is_not_proportional_goes_the_long_way() -> None:
    view = view_of(2)
    view.p.hardship = jnp.asarray(0.2)
    assert bands.push_of_one((bent,), view, "hardship") is None
    assert_allclose(factor("go_home", (bent, far), view), by_hand(view, (bent, far)), rtol=1e-12)


def test_a_parameter_that_differs_by_group_goes_the_long_way() -> None:
    view = view_of(3)
    view.p.hardship = jnp.ones((3, 1, 1, 1))
    assert bands.push_of_one((money_gone,), view, "hardship") is None
    assert_allclose(
        factor("go_home", (money_gone,), view), by_hand(view, (money_gone,)), rtol=1e-12
    )


def test_people_at_home_have_one_weight_for_all_and_columns_that_lack_the_date() -> None:
    """Savings [band, group, 1, 1, 1] with weights [band, 1, 1, 1, 1], and dates beside them."""
    view = view_of(4)
    view.who.savings = view.who.savings[:, :, :1, :1, :1]
    view.weights = jnp.full((4, 1, 1, 1, 1), 0.25)
    rules = (money_gone, far, open_to)
    found = factor("go_home", rules, view)
    assert bands.push_of_one((money_gone,), view, "hardship") is not None
    assert found.shape == (3, 2, 1, 6)
    assert_allclose(found, by_hand(view, rules), rtol=1e-12)


def test_a_rule_without_a_number_for_some_parameters_goes_the_long_way_in_silence() -> None:
    view = view_of(5)
    assert bands.push_of_one((undefined,), view, "hardship") is None
    assert_allclose(factor("go_home", (undefined,), view), by_hand(view, (undefined,)), rtol=1e-12)


def test_many_bands_are_summed_at_once() -> None:
    view = view_of(6)
    view.who.savings = np.repeat(view.who.savings, 3, axis=0)
    view.weights = jnp.repeat(view.weights, 3, axis=0) / 3.0
    assert len(view.weights) > bands.UNROLLED
    assert_allclose(factor("go_home", (bent, far), view), by_hand(view, (bent, far)), rtol=1e-12)
