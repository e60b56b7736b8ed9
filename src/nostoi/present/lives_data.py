"""Single lives as plain data for a machine (docs/json-output.md)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from nostoi.present.lives import Page
from nostoi.present.strings import text
from nostoi.study.diary import Decision, Entry
from nostoi.study.life import Ride, Step
from nostoi.study.paired import Effect, Near
from nostoi.world.legs import MODES


def as_data(page: Page) -> dict[str, Any]:
    """What was found, with dates as text and places by their codes."""
    case, found = page.case, page.found
    return {
        "synthetic": text("lives.synthetic"),
        "cannot_tell": page.limits(),
        "case": case.spec.name,
        "case_hash": case.hash,
        "seed": page.seed,
        "parameters": page.parameters,
        "people": found.people,
        "persons_per_synthetic_person": found.runs[0].weight,
        "left": found.left,
        "told": {"title": found.told.title, "told_by": found.told.told_by},
        "chances": [chance.as_dict() for chance in found.chances],
        "runs": [
            {"seed": run.around.seed, "people": run.chances[-1].all_people.people}
            for run in found.runs
        ],
        "unseen": [
            {"part": one.name, "asks": one.asks, "why": one.why} for one in found.runs[0].unseen
        ],
        "near": [_near(page, one) for one in found.near],
        "effects": [_effect(effect) for effect in found.effects],
        "left_out": [dataclasses.asdict(one) for one in found.left_out],
    }


def _near(page: Page, one: Near) -> dict[str, Any]:
    life = one.life
    return {
        "seed": one.seed,
        "synthetic_person": life.id,
        "group": page.found.around.model.world.groups[life.group],
        "savings_at_home": life.savings,
        "distance": one.distance,
        "misses": dict(one.misses),
        "moves": _moves(page, life.steps),
        "diary": [_entry(page, entry) for entry in one.entries],
        "again": [
            {
                "change": again.change.name,
                "says": again.change.says,
                "same": again.same,
                "moves": _moves(page, again.life.steps),
            }
            for again in one.again
        ],
    }


def _moves(page: Page, steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"date": _date(page, s.day), "move": s.move, "place": _place(page, s.place)} for s in steps
    ]


def _entry(page: Page, entry: Entry) -> dict[str, Any]:
    return {
        "date": _date(page, entry.day),
        "what": entry.what,
        "place": _place(page, entry.place),
        "status": entry.status,
        "days_since_move": entry.days,
        "savings": entry.savings,
        "belief": entry.belief,
        "rumour": entry.rumour,
        "longing": entry.longing,
        "why": None if entry.why is None else _why(entry.why),
        "rides": [_ride(page, ride) for ride in entry.rides],
    }


def _ride(page: Page, ride: Ride) -> dict[str, Any]:
    """A leg; only the day where no road leads."""
    roads = page.found.around.roads
    found: dict[str, Any] = {"date": _date(page, int(ride.start)), "time": ride.start % 1.0}
    if roads is None or ride.leg < 0:
        return found | dict.fromkeys(("from", "to", "mode", "days", "cost"))
    legs, names = roads.network.legs, roads.network.towns.names
    return found | {
        "from": names[legs.start[ride.leg]],
        "to": names[legs.end[ride.leg]],
        "mode": MODES[legs.mode[ride.leg]],
        "days": float(legs.days[ride.leg]),
        "cost": float(legs.cost[ride.leg]),
    }


def _why(why: Decision) -> dict[str, Any]:
    return {
        "base_per_day": why.base,
        "appeal": why.appeal,
        "per_day": why.per_day,
        "chance": why.chance,
        "terms": [dataclasses.asdict(term) for term in why.terms],
        "place_share": why.share,
        "pulls": [dataclasses.asdict(pull) for pull in why.pulls],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "change": None if effect.change is None else effect.change.name,
        "says": None if effect.change is None else effect.change.says,
        "lives": effect.lives,
        "same": effect.same,
        "left": effect.left,
        "returned": effect.returned,
        "called_up": effect.called_up,
        "like": effect.like,
    }


def _date(page: Page, day: int) -> str:
    return page.found.around.model.world.clock.on(day).isoformat()


def _place(page: Page, host: int) -> str:
    world = page.found.around.model.world
    return world.origin if host < 0 else world.hosts[host]
