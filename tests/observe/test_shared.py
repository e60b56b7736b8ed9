"""The error that all sources share: it moves every count alike, and no share of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nostoi.base.record import Record
from nostoi.observe.shared import NOT_PERSONS, SHARED, SHARED_SD, as_shown

from .conftest import Maker, medians, row

STOCK = {"family": "stock", "place": "BBB", "rule": "any"}


def moved(panel: Any, record: Record, factor: float) -> tuple[Any, Any]:
    """What publishers would show with a shared factor, over what they show without; [row]."""
    bare, full = medians(panel), medians(panel, shared_error=factor)
    return panel.biased(record, full) / panel.biased(record, bare), panel.expected(record, full)


def test_a_count_of_people_moves_by_the_factor(panel: Maker, record: Record) -> None:
    made = panel({"here": STOCK}, [row("stock", "here")])
    ratio, expected = moved(made, record, 1.3)
    np.testing.assert_allclose(ratio, 1.3, rtol=1e-5)
    np.testing.assert_allclose(expected, made.expected(record, medians(made)))


def test_shares_of_people_and_people_who_were_there_before_stay(
    panel: Maker, record: Record
) -> None:
    """Beliefs are no counts; the factor is on those who came, and not on the settled."""
    factor = as_shown(record, {SHARED: 1.3})
    for name, value in record._asdict().items():
        wanted = value if name in NOT_PERSONS else 1.3 * np.asarray(value)
        np.testing.assert_allclose(getattr(factor, name), wanted, err_msg=name)
    everyone = panel({"here": STOCK | {"settled": 5e5}}, [row("stock", "here", measure="all")])
    assert 1.0 < moved(everyone, record, 1.3)[0][0] < 1.3


def test_the_prior_of_the_error_is_the_same_in_every_panel(panel: Maker) -> None:
    made = panel({"here": STOCK}, [row("stock", "here")])
    (shared,) = (param for param in made.params if param.name == SHARED)
    assert (shared.kind, shared.value, shared.sd) == ("log", (1.0,), SHARED_SD)
    assert not panel({}, []).params


@pytest.mark.parametrize("level", [0.5, 2.0])
def test_level_and_error_trade_places(panel: Maker, record: Record, level: float) -> None:
    """Twice the people and half the error show the same: the figures alone cannot tell them."""
    made = panel({"here": STOCK}, [row("stock", "here")])
    other = as_shown(record, {SHARED: level})
    values = medians(made, shared_error=1.0 / level)
    np.testing.assert_allclose(
        made.loglik(other, values), made.loglik(record, medians(made)), rtol=1e-4
    )
