"""Doctor: its two figures of merit against closed forms, and the way back to the unit scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nostoi.rules.params import Param
from nostoi.study.doctor.identification import width_over_prior
from nostoi.study.doctor.unknowns import Unknown, unit_scale

RNG = np.random.default_rng(8)


def test_conflict_in_closed_form() -> None:
    """Prior N(0, 1), likelihood N(3, 1): posterior N(1.5, 1/2), gap 3 over sd sqrt(2)."""
    z = RNG.standard_normal((1, 4000))
    z = 1.5 + np.sqrt(0.5) * (z - z.mean()) / z.std()
    assert Unknown("a", "", z).conflict == pytest.approx(3 / np.sqrt(2), rel=1e-9)


def test_width_over_prior_in_closed_form() -> None:
    """With log y = a z1 + b z2 with posterior sds 0.5 and 1: sqrt((a^2/4 + b^2) / (a^2 + b^2))."""
    z = RNG.standard_normal((20_000, 5)) * np.array([0.5, 1, 0.3, 0.2, 0.7])
    y = np.exp(0.6 * z[:, 0] + 0.8 * z[:, 1])
    wanted = np.sqrt(0.36 / 4 + 0.64)
    assert width_over_prior(z, y[:, None])[0] == pytest.approx(wanted, rel=0.02)


def test_a_sum_that_is_known_is_no_prior() -> None:
    """Two unknowns as wide as their priors, their sum settled: the sum was learned."""
    a = RNG.standard_normal(5000)
    z = np.stack([a, -a + 0.05 * RNG.standard_normal(5000)], axis=-1)
    assert width_over_prior(z, z.sum(-1)[:, None])[0] < 0.1


@pytest.mark.parametrize("kind", ["normal", "log", "logit", "walk"])
def test_unit_scale_undoes_the_prior(kind: Any) -> None:
    param = Param("a", "x", kind, (0.2, 0.4, 0.3), (0.5, 0.2, 0.9), "", "", "")
    z = RNG.standard_normal((2, 7, 3))
    values = np.stack([[param.value_of(row, np) for row in chain] for chain in z])
    np.testing.assert_allclose(unit_scale(param, values), z, atol=1e-8)
