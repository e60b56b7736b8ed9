"""Rumours that no unknown drives are worked out once, and are those of compiled code."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nostoi.engine.fields import run_fields
from nostoi.rules.moves import choose_rules

jax.config.update("jax_enable_x64", True)

LENGTHS = (1, 1, 7, 7, 14)
KNOWN = {"rumour_seed": 0.3, "contacts": 0.2, "forget": 0.01}
RULES = choose_rules(("sown", "passed_on", "stale_news", "forgotten"))


def rumour(numbers: dict[str, Any]) -> Any:
    """Rumour in two groups and two places over five steps."""
    now = {"sowing": np.array([1.0, 0.0, 0.0, 0.5, 0.0])}
    view = SimpleNamespace(
        who=SimpleNamespace(),
        at=SimpleNamespace(reach=np.array([[1.0, 0.5]])),
        p=SimpleNamespace(floor_before=0.05, **numbers),
    )
    return run_fields(RULES, view, now, LENGTHS, (2, 2))[1]


def loops(function: Any, *given: Any) -> int:
    """Loops over days that compiled code would still run."""
    return str(jax.make_jaxpr(function)(*given)).count("scan[")


def test_known_rumours_are_the_same_as_those_of_compiled_code() -> None:
    known = jax.jit(lambda: rumour(KNOWN))()
    given = jax.jit(rumour)({k: jnp.asarray(v) for k, v in KNOWN.items()})
    assert np.asarray(known) == pytest.approx(np.asarray(given), rel=1e-14)
    assert np.asarray(known).max() > 0.1


def test_only_unknown_rumours_cost_a_loop_at_every_call() -> None:
    assert loops(lambda: rumour(KNOWN)) == 0
    assert loops(rumour, {k: jnp.asarray(v) for k, v in KNOWN.items()}) == 1


def test_one_unknown_is_enough_for_the_loop() -> None:
    assert loops(lambda seed: rumour(KNOWN | {"rumour_seed": seed}), 0.3) == 1
