"""THE PAGE: every move of the model, every rule behind it, and the order of a day.

    rate = base(date) x exp(sum of pushes) x product of abilities        (per day)

Pushes say who would, abilities who could. Competing moves share one draw; destinations are
chosen by a multinomial logit over the pulls.
"""

from __future__ import annotations

from dataclasses import dataclass

from nostoi.rules import (
    again,
    belief,
    enforcement,
    entry,
    feeling,
    manpower,
    money,
    mood,
    motives,
    repression,
    rumour,
    settling,
    shock,
    ties,
)
from nostoi.rules.card import Rule


@dataclass(frozen=True)
class Move:
    """One arrow of the model.

    Attributes:
        name: the verb.
        start: status before.
        stop: status after.
        base: parameter that holds the log of the base rate per day.
        who: who may make it, in words.
    """

    name: str
    start: str
    stop: str
    base: str
    who: str


MOVES = (
    Move("leave", "home", "journey out", "leave_base", "anyone at home who never left"),
    Move("arrive", "journey out", "host", "arrive_base", "anyone on the way"),
    Move("move_on", "host", "journey out", "onward_base", "anyone abroad"),
    Move("go_home", "host", "journey back", "return_base", "anyone abroad"),
    Move("come_back", "journey back", "returned", "arrive_base", "anyone on the way back"),
    Move("leave_again", "returned", "journey out", "leave_base", "anyone who came back"),
    Move("call_up", "home or returned", "called up", "call_up_base", "the exposed"),
)

DAY = ("hear", "believe", "decide", "travel", "cross", "age", "count")
"""Order of a step: rumours and beliefs first, then competing moves, ageing, and the counts."""

RULES: tuple[Rule, ...] = (
    # leave and leave again
    shock.panic,
    shock.outbreak_of_war,
    shock.last_flight,
    motives.fear_of_call_up,
    motives.go_along,
    motives.out_of_the_system,
    repression.persecuted,
    ties.family_holds_back,
    again.knows_the_way,
    feeling.relief,
    enforcement.before_the_net_closes,
    mood.mood_to_leave,
    mood.leaning,
    money.can_pay,
    again.means_left,
    enforcement.not_stopped,
    # go home and move on
    feeling.longing,
    belief.danger_at_home,
    enforcement.amnesty_trusted,
    money.money_gone,
    money.earns_less,
    entry.leave_to_stay_ends,
    ties.family_at_home,
    ties.friends_here,
    settling.settled,
    mood.mood_to_return,
    mood.climate_of_the_host,
    repression.way_back_open,
    feeling.passing_through,
    entry.papers_elsewhere,
    money.earns_more_elsewhere,
    ties.no_roots_yet,
    mood.stepping_stone,
    # choose a place
    mood.attraction,
    entry.door_is_open,
    entry.papers_there,
    settling.work_at_once,
    settling.compatriots,
    settling.common_language,
    money.wages_there,
    money.cost_of_the_journey,
    repression.freedom_there,
    mood.by_land_when_in_panic,
    # call up
    manpower.quota,
    enforcement.summons_arrives,
    # rumours and beliefs
    rumour.sown,
    rumour.passed_on,
    rumour.stale_news,
    rumour.forgotten,
    belief.public_alarm,
    belief.hearsay,
    belief.said_to_be_over,
    belief.fading,
    belief.never_ended,
    manpower.volunteers_instead,
)


def rules_of(target: str, kind: str, chosen: tuple[Rule, ...] = RULES) -> tuple[Rule, ...]:
    """Rules of one kind that act on a move (or drive a column), in the order of the page."""
    return tuple(rule for rule in chosen if rule.kind == kind and target in rule.moves)


def choose_rules(names: tuple[str, ...] | None) -> tuple[Rule, ...]:
    """The rules that a case switches on (None = all), in the order of the page."""
    return RULES if names is None else tuple(rule for rule in RULES if rule.name in names)
