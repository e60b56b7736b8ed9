"""S7 Money: savings, wages, prices and the exchange rate."""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import log, logistic
from nostoi.rules.card import able, pull, push


@able("leave", "leave_again", source="AFP 2023-08; fares Sept 2022", part="S7")
def can_pay(who: Any, at: Any, now: Any, p: Any) -> Any:
    """To go one needs the fare and about a month to live on."""
    return logistic(p.money_slope * log(who.savings / (at.journey_cost * now.fare + p.reserve)))


@push("go_home", source="AFP 2023-08; Bijwaard & Wahba 2013", part="S7")
def money_gone(who: Any, at: Any, now: Any, p: Any) -> Any:
    """When savings are used up, people go home sooner."""
    return p.hardship * logistic(2.0 * (0.5 - who.savings))


@push("go_home", source="Yang NBER 12396; METHODS 2 (0.8, sd 0.4)", part="S7")
def earns_less(who: Any, at: Any, now: Any, p: Any) -> Any:
    """The more wages at home exceed wages here (at today's rate), the sooner one returns."""
    return -p.wage_gap * log(at.wage_ratio) * (1.0 - who.remote)


@push("move_on", source="onward moves by host", part="S7")
def earns_more_elsewhere(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Low wages also push on to another host."""
    return -0.5 * p.wage_gap * log(at.wage_ratio) * (1.0 - who.remote)


@pull(source="Ortega & Peri 2013", part="S7")
def wages_there(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Places with higher wages draw more."""
    return p.wage_pull * log(at.wage_ratio)


@pull(source="best journey of routes.csv", part="S7")
def cost_of_the_journey(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Dear journeys draw less."""
    return -p.dear * at.journey_cost
