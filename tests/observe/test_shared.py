"""The error that all sources share: it moves every count alike, and no share of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nostoi.base.record import Record
from nostoi.observe.shared import SHARED, SHARED_SD, as_shown

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
    """Fears and shares returned are no counts; the factor is on who came, not on the settled."""
    sources: dict[str, dict[str, Any]] = {
        "fear": {"family": "poll", "question": "fear"},
        "asked": {"family": "survey"},
        "said": {"family": "claim", "quantity": "returned_share"},
    }
    percent: dict[str, Any] = {"value": 20.0, "unit": "percent"}
    shares = panel(sources, [row(f["family"], name, **percent) for name, f in sources.items()])
    np.testing.assert_allclose(moved(shares, record, 1.3)[0], 1.0)
    assert as_shown({"a": 2.0, "b": 0.5}, {"b"}, {SHARED: 1.3}) == {"a": 2.6, "b": 0.5}
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
    other = record._replace(abroad=level * record.abroad)
    values = medians(made, shared_error=1.0 / level)
    np.testing.assert_allclose(
        made.loglik(other, values), made.loglik(record, medians(made)), rtol=1e-4
    )
