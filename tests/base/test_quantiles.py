"""Quantiles are those of NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nostoi.base.quantiles import quantiles


@pytest.mark.parametrize("n", [1, 2, 7, 4400])
def test_quantiles_are_those_of_numpy(n: int) -> None:
    x = np.random.default_rng(3).normal(size=(6, n))
    levels = (0.0, 0.05, 0.5, 0.95, 1.0)
    assert_allclose(quantiles(x, levels), np.quantile(x, levels, axis=1), atol=1e-12)
