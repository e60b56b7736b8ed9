"""Explain: the terms multiply to the rate, and unknown words are refused with a suggestion."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import jax
import numpy as np
import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.load import load
from nostoi.engine.rates import make_rates
from nostoi.infer.model import CaseTarget, target_of
from nostoi.study.explain import Explanation, explain

jax.config.update("jax_enable_x64", True)
SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
EVENT = date(2030, 3, 10)


@pytest.fixture(scope="module")
def target() -> CaseTarget:
    """The base of the corpus."""
    return target_of(load(SMALL))


@pytest.fixture(scope="module")
def leaving(target: CaseTarget) -> Explanation:
    """Why people of the called group leave in the week of the decree."""
    return explain(target, "leave", "called", "AAA", EVENT)


def product(found: Explanation) -> float:
    """Base rate times all factors."""
    return found.base * float(np.prod([term.factor for term in found.terms]))


@pytest.mark.parametrize(
    ("move", "who", "at"),
    [
        ("leave_again", "called, days=120", "AAA"),
        ("go_home", "others, days=30, savings=1.5", "BBB"),
        ("move_on", "called", "CCC"),
        ("call_up", "called", "AAA"),
    ],
)
def test_terms_multiply_to_the_rate(target: CaseTarget, move: str, who: str, at: str) -> None:
    found = explain(target, move, who, at, EVENT)
    assert found.per_day == pytest.approx(product(found), rel=1e-12)
    assert found.per_day > 0.0
    assert found.within_30_days == pytest.approx(1.0 - np.exp(-30.0 * found.per_day))
    for term in found.terms:
        wanted = term.value if term.kind == "able" else np.exp(term.value)
        assert term.factor == pytest.approx(wanted)
        assert term.says and term.source and term.part


def test_rates_are_those_of_the_engine(target: CaseTarget, leaving: Explanation) -> None:
    """Apart from savings: explain takes the middle band, the engine the mean over bands."""
    assert leaving.per_day == pytest.approx(product(leaving), rel=1e-12)
    values = target.values(np.zeros(target.dim))
    rates = jax.jit(lambda v: make_rates(target.model, target.model.numbers(v)))(values)
    step = target.model.world.clock.step(EVENT)
    could = next(term.factor for term in leaving.terms if term.rule == "can_pay")
    engine = float(rates.leave[step, 0])
    assert leaving.per_day / could >= engine >= 0.0
    others = [term.factor for term in leaving.terms if term.kind == "push"]
    assert np.prod(others) * leaving.base >= leaving.per_day


def test_own_columns_are_used_and_shown(target: CaseTarget, leaving: Explanation) -> None:
    found = explain(target, "leave", "called, exposure=0; belief = 0.9", "AAA", EVENT)
    assert (found.who["exposure"], found.who["belief"]) == (0.0, 0.9)
    terms = {term.rule: term for term in found.terms}
    assert terms["panic"].factor == 1.0
    assert terms["fear_of_call_up"].factor == 1.0
    assert found.per_day < leaving.per_day


def test_answer_for_machines(leaving: Explanation) -> None:
    said = leaving.as_dict()
    assert (said["move"], said["at"], said["on"]) == ("leave", "AAA", "2030-03-10")
    assert {"base_per_day", "per_day", "within_30_days", "who", "terms"} <= set(said)
    assert {"rule", "kind", "value", "factor", "says", "part", "source"} == set(said["terms"][0])


@pytest.mark.parametrize(
    ("move", "who", "at", "number", "says"),
    [
        ("leav", "called", "AAA", 601, "did you mean 'leave'?"),
        ("arrive", "called", "AAA", 601, "known: leave"),
        ("leave", "caled", "AAA", 601, "did you mean 'called'?"),
        ("leave", "", "AAA", 601, "one of called, others"),
        ("leave", "called, belif=1", "AAA", 601, "did you mean 'belief'?"),
        ("leave", "called, days=soon", "AAA", 601, "write days=120"),
        ("leave", "called", "AAB", 601, "did you mean 'AAA'?"),
        ("leave", "called", "BBB", 601, "change --at"),
        ("go_home", "called", "AAA", 601, "change --at"),
    ],
)
def test_unknown_words(
    target: CaseTarget, move: str, who: str, at: str, number: int, says: str
) -> None:
    with pytest.raises(NostoiError) as refused:
        explain(target, move, who, at, EVENT)
    (finding,) = refused.value.findings
    assert finding.number == number
    assert says in finding.do


@pytest.mark.parametrize("on", [date(2029, 12, 31), date(2031, 1, 1)])
def test_dates_outside_the_case(target: CaseTarget, on: date) -> None:
    with pytest.raises(NostoiError) as refused:
        explain(target, "leave", "called", "AAA", on)
    (finding,) = refused.value.findings
    assert finding.number == 602
    assert "2030-01-01 to 2030-12-31" in finding.do
