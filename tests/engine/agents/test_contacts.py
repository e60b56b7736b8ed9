"""Rumours over contacts: like the mean field where everybody meets many, and not where few."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine.agents.contacts import Contacts, draw_network, network_fields
from nostoi.engine.agents.scene import mean_fields
from nostoi.engine.model import Model


@pytest.fixture(scope="module")
def told() -> tuple[Model, dict[str, Any]]:
    """A world in which a rumour is sown in the middle third and spreads fast."""
    model = model_of(world_of(clock_of(30, 1), Phases(4, 4, 14), 2, 1))
    values = values_of(model)
    values["contacts"] = np.asarray(0.6)
    return model, values


def test_many_contacts_are_the_mean_field(told: tuple[Model, dict[str, Any]]) -> None:
    model, values = told
    mean = mean_fields(model, values)
    many = [
        network_fields(model, values, Contacts(nodes=2000, degree=40, across=0.0, seed=seed))
        for seed in range(4)  # the first days of a rumour hang on the luck of a few
    ]
    assert mean.rumour.max() > 0.1
    np.testing.assert_allclose(sum(f.rumour for f in many) / 4, mean.rumour, atol=0.035)
    np.testing.assert_allclose(sum(f.belief for f in many) / 4, mean.belief, atol=0.02)


def test_few_contacts_keep_a_rumour_small(told: tuple[Model, dict[str, Any]]) -> None:
    """Two contacts each: talk runs dry among those who know, and fewer hear at the peak."""
    model, values = told
    mean = mean_fields(model, values)
    few = network_fields(model, values, Contacts(nodes=2000, degree=2, across=0.0, seed=1))
    assert few.rumour[:, :, 0].max() < 0.9 * mean.rumour[:, :, 0].max()


def test_same_seed_same_network() -> None:
    one = draw_network(Contacts(50, 4, 0.3, 7), 3, 2)
    np.testing.assert_array_equal(one, draw_network(Contacts(50, 4, 0.3, 7), 3, 2))
    assert (one != draw_network(Contacts(50, 4, 0.3, 8), 3, 2)).any()
    listener = np.arange(300)[:, None]
    assert (one != listener).all()
    assert ((one // 50) % 2 == (listener // 50) % 2).all()
    share = ((one // 100) != (listener // 100)).mean()
    assert share == pytest.approx(0.3, abs=0.06)
