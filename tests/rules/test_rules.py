"""Every rule: the value that a pencil finds, its directions, and one text for three libraries."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.rules.table import EXAMPLES, Example, arguments

from nostoi.rules.moves import RULES

jax.config.update("jax_enable_x64", True)
BY_NAME = {rule.name: rule for rule in RULES}
every = pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case.rule)


def test_every_rule_has_an_example() -> None:
    assert sorted(case.rule for case in EXAMPLES) == sorted(BY_NAME)


@every
def test_value_by_hand(case: Example) -> None:
    assert BY_NAME[case.rule](*arguments(case.reads)) == pytest.approx(case.value, rel=1e-12)


@every
def test_reads_what_its_card_says(case: Example) -> None:
    assert sorted(BY_NAME[case.rule].reads) == sorted(case.reads)


@every
def test_directions(case: Example) -> None:
    rule, at_first = BY_NAME[case.rule], case.value
    assert case.slopes
    for column, sign in case.slopes.items():
        more = case.reads | {column: case.reads[column] * 1.05}
        assert (rule(*arguments(more)) - at_first) * sign > 0, column


@every
@pytest.mark.parametrize("library", [np, jnp], ids=["numpy", "jax"])
def test_one_text_for_floats_and_arrays(case: Example, library: Any) -> None:
    """Three rows at once give what three persons give one by one."""
    factors = (0.7, 1.0, 1.2)

    def scaled(value: Any, by: float) -> Any:
        return tuple(v * by for v in value) if isinstance(value, tuple) else value * by

    rows = [{k: scaled(v, by) for k, v in case.reads.items()} for by in factors]
    table = {k: library.asarray(np.array([row[k] for row in rows]).T) for k in case.reads}
    found = BY_NAME[case.rule](*arguments(table))
    alone = [BY_NAME[case.rule](*arguments(row)) for row in rows]
    np.testing.assert_allclose(np.asarray(found), alone, rtol=1e-13, atol=1e-15)


def test_longing_is_flat_outside_its_knots() -> None:
    rule = BY_NAME["longing"]
    heights = (0.8, 0.4, 0.0, -0.1, 0.0, 0.2, 0.5)
    reads = {"p.longing": heights, "who.days": 900.0}
    assert rule(*arguments(reads)) == pytest.approx(0.5)
    assert rule(*arguments(reads | {"who.days": 0.0})) == pytest.approx(0.8)


def test_shares_of_abilities_stay_between_0_and_1() -> None:
    """Also for extreme persons and dates."""
    for case in EXAMPLES:
        rule = BY_NAME[case.rule]
        if rule.unit != "share 0..1":
            continue
        for extreme in (1e-6, 1.0):
            reads = {k: v if k.startswith("p.") else extreme for k, v in case.reads.items()}
            assert 0.0 <= rule(*arguments(reads)) <= 1.0, case.rule
