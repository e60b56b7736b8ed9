"""The rules of the common work "exit-return", as rule texts of this project.

The work is stated in `benchmarks/exit_return/__init__.py`; each rule is one sentence of it.
"""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import clip, log1p, where
from nostoi.rules.card import able, drift, mean, pull, push

WORK = {"source": "common work exit-return", "part": "benchmark"}
OUT = ("leave", "leave_again")


@mean("alarmed", **WORK)
def alarmed(who: Any, at: Any, now: Any, p: Any) -> Any:
    """People talk of leaving who believe it likelier than not that they will be called up."""
    return where(who.belief > 0.5, 1.0, 0.0)


@drift("belief", **WORK)
def shock(who: Any, at: Any, now: Any, p: Any) -> Any:
    """On the day of the shock a person believes at least what luck says."""
    return now.shock * clip(p.alarm * who.luck - who.belief, 0.0, 1.0)


@drift("belief", **WORK)
def hear(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Belief follows the public signal and the talk of the place."""
    return p.hearing * (now.signal + p.talk * at.alarmed - who.belief)


@drift("savings", unit="months per day", **WORK)
def earn_and_spend(who: Any, at: Any, now: Any, p: Any) -> Any:
    """People put savings aside at home and use them up abroad."""
    return where(who.abroad > 0.5, p.earned_abroad - p.spent_abroad, p.saved_at_home)


@drift("savings.leave", "savings.leave_again", unit="months", **WORK)
def pay_for_the_journey(who: Any, at: Any, now: Any, p: Any) -> Any:
    """The journey out costs savings."""
    return -p.journey


@push(*OUT, **WORK)
def fear(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who believes in a call-up leaves sooner."""
    return p.fear * who.belief


@able(*OUT, **WORK)
def can_pay(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Only who has more than the journey costs can leave."""
    return where(who.savings > p.journey, 1.0, 0.0)


@push("go_home", **WORK)
def no_danger(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who does not believe in a call-up goes home sooner."""
    return p.safety * (1.0 - who.belief)


@push("go_home", **WORK)
def money_gone(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who has debts goes home sooner."""
    return where(who.savings < 0.0, p.debts, 0.0)


@able("go_home", unit="factor", **WORK)
def longing(who: Any, at: Any, now: Any, p: Any) -> Any:
    """First weeks hold people; then the wish to go home grows for half a year."""
    return where(who.days < 45.0, 0.3, 1.0 + 0.5 * clip(who.days / 180.0, 0.0, 1.0))


@pull(**WORK)
def nearness(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Near places draw more people."""
    return at.nearness


@pull(**WORK)
def company(who: Any, at: Any, now: Any, p: Any) -> Any:
    """People go where others of their group are."""
    return log1p(at.peers)


RULES = (
    alarmed, shock, hear, earn_and_spend, pay_for_the_journey, fear, can_pay, no_danger, money_gone,
    longing, nearness, company,
)  # fmt: skip

NUMBERS = {
    "alarm": 0.8,
    "hearing": 0.01,
    "talk": 0.05,
    "saved_at_home": 1.0,
    "earned_abroad": 0.25,
    "spent_abroad": 0.40,
    "journey": 5.0,
    "fear": 2.0,
    "safety": 1.5,
    "debts": 0.5,
}
"""Parameters of the rules; months of savings per day, as the work states them."""
