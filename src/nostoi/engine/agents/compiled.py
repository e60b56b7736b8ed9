"""Compiled kernels for a set of rules, kept between runs."""

from __future__ import annotations

from typing import Any

from nostoi.base.compiled import module_of
from nostoi.engine.agents.lift import Layout, assemble
from nostoi.rules.card import Rule


def kernels_for(rules: tuple[Rule, ...], layout: Layout) -> Any:
    """Module with the compiled kernels of a set of rules."""
    return module_of(assemble(rules, layout), "agents")
