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
FELT = {
    "heard_decree": 0.1, "heard_war": 0.1, "heard_law": 0.1, "hearsay": 0.2, "calmed": 0.1,
    "fading": 0.02, "floor_before": 0.05, "floor_decree": 0.1, "volunteers": 0.1,
}  # fmt: skip


def fields(numbers: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, Any]:
    """Belief and rumour of two groups in two places over five steps."""
    rules = choose_rules(names)
    columns = {name for rule in rules for name in rule.columns("now")}
    sowing = np.array([1.0, 0.0, 0.0, 0.5, 0.0])
    now = {name: sowing if name == "sowing" else np.zeros(5) for name in columns}
    view = SimpleNamespace(
        who=SimpleNamespace(exposure=np.ones((2, 1)), activism=np.zeros((2, 1))),
        at=SimpleNamespace(reach=np.array([[1.0, 0.5]])),
        p=SimpleNamespace(**(FELT | numbers)),
    )
    return run_fields(rules, view, now, LENGTHS, (2, 2))


RULES = ("sown", "passed_on", "stale_news", "forgotten")


def loops(function: Any, *given: Any) -> int:
    """Loops over days that compiled code would still run."""
    return str(jax.make_jaxpr(function)(*given)).count("scan[")


def test_known_rumours_are_the_same_as_those_of_compiled_code() -> None:
    known = jax.jit(lambda: fields(KNOWN, RULES))()[1]
    given = jax.jit(lambda p: fields(p, RULES))({k: jnp.asarray(v) for k, v in KNOWN.items()})[1]
    assert np.asarray(known) == pytest.approx(np.asarray(given), rel=1e-14)
    assert np.asarray(known).max() > 0.1


def test_only_unknown_rumours_cost_a_loop_at_every_call() -> None:
    assert loops(lambda: fields(KNOWN, RULES)) == 0
    assert loops(lambda p: fields(p, RULES), {k: jnp.asarray(v) for k, v in KNOWN.items()}) == 1


def test_one_unknown_is_enough_for_the_loop() -> None:
    assert loops(lambda seed: fields(KNOWN | {"rumour_seed": seed}, RULES), 0.3) == 1
