"""The words of the rules, on floats and on arrays."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nostoi.base import maths

jax.config.update("jax_enable_x64", True)
KNOTS, HEIGHTS = (0.0, 10.0, 40.0), (1.0, 3.0, 0.0)

WORDS: dict[str, tuple[Any, tuple[tuple[float, float], ...]]] = {
    "exp": (maths.exp, ((0.0, 1.0), (1.0, math.e))),
    "log": (maths.log, ((1.0, 0.0), (math.e, 1.0))),
    "log1p": (maths.log1p, ((0.0, 0.0), (1e-12, 1e-12))),
    "where": (lambda x: maths.where(x > 0.0, 2.0, -1.0), ((0.5, 2.0), (0.0, -1.0))),
    "logistic": (
        maths.logistic,
        ((0.0, 0.5), (math.log(3.0), 0.75), (-900.0, math.exp(-60.0)), (900.0, 1.0)),
    ),
    "clip": (lambda x: maths.clip(x, -1.0, 2.0), ((-3.0, -1.0), (0.5, 0.5), (9.0, 2.0))),
    "hump": (
        lambda x: maths.hump(x, 90.0),
        ((0.0, 0.0), (90.0, 1.0), (180.0, 2.0 / math.e), (45.0, 0.5 * math.exp(0.5))),
    ),
    "profile": (
        lambda x: maths.profile(x, KNOTS, HEIGHTS),
        ((-5.0, 1.0), (0.0, 1.0), (5.0, 2.0), (10.0, 3.0), (25.0, 1.5), (40.0, 0.0), (99.0, 0.0)),
    ),
}


def test_every_word_is_tested() -> None:
    assert set(WORDS) == set(maths.VOCABULARY)


@pytest.mark.parametrize("word", WORDS)
def test_word_on_floats_and_arrays(word: str) -> None:
    text, pairs = WORDS[word]
    points, wanted = np.array(pairs).T
    for point, value in pairs:
        found = text(point)
        assert isinstance(found, float)
        assert found == pytest.approx(value, rel=1e-12, abs=1e-300)
    for library in (np, jnp):
        found = text(library.asarray(points))
        assert type(found) is type(library.asarray(points))
        np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-12, atol=1e-300)


def test_a_curve_of_inferred_heights_has_a_gradient() -> None:
    slope = jax.grad(lambda h: maths.profile(5.0, KNOTS, h))(jnp.array(HEIGHTS))
    np.testing.assert_allclose(slope, [0.5, 0.5, 0.0])


def test_where_and_clip_mix_floats_and_arrays() -> None:
    rows = np.array([1.0, -1.0])
    np.testing.assert_allclose(maths.where(rows > 0, 2.0, rows), [2.0, -1.0])
    np.testing.assert_allclose(maths.where(True, rows, 0.0), rows)
