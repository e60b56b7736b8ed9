"""Words for single lives: names of places, dates, moves, shares and what a change does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nostoi.base.calendar import Clock, Floats
from nostoi.case.case import Case
from nostoi.engine.journeys.roads import Roads
from nostoi.present import feelings
from nostoi.present.strings import text
from nostoi.present.words import PERCENT, day, joined
from nostoi.study.chances import Share
from nostoi.study.diary import Decision, Entry
from nostoi.study.life import Life, Ride, Step
from nostoi.study.likeness import Seen
from nostoi.study.lives import Findings
from nostoi.world.legs import MODES
from nostoi.world.money import series

STRONG = 1.02
"""A rule is told if it changes a rate by at least this factor, up or down."""


@dataclass(frozen=True)
class Words:
    """Names that numbers of a run stand for."""

    clock: Clock
    groups: dict[str, str]
    hosts: tuple[str, ...]
    origin: str
    event: str
    towns: dict[str, str]
    roads: Roads | None
    living: Floats

    def date(self, day_number: int) -> str:
        """A date in words."""
        return day(self.clock.on(day_number).isoformat())

    def place(self, host: int) -> str:
        """Name of a host, or of the origin for -1."""
        return self.origin if host < 0 else self.hosts[host]

    def move(self, what: str, place: int, status: str = "") -> str:
        """What happens, as a sentence without its subject."""
        name = self.place(place)
        words = text(f"lives_status.{status}", place=name) if status else ""
        return text(f"lives_moves.{what}", place=name, event=self.event, status=words)

    def group(self, position: int) -> str:
        """Label of a group."""
        return list(self.groups.values())[position]


def words_of(case: Case, found: Findings) -> Words:
    """The names of a case."""
    names = {place.place: place.name for place in case.places}
    world = found.around.model.world
    return Words(
        clock=world.clock,
        groups={key: group.label for key, group in case.groups.items()},
        hosts=tuple(names[code] for code in world.hosts),
        origin=case.origin.name,
        event=case.spec.event_name,
        towns={town.town: town.name for town in case.towns},
        roads=found.around.roads,
        living=series(world.clock, case.money, world.origin, "living"),
    )


def part(seen: Seen, words: Words, names: dict[str, str]) -> str:
    """What a part of a description asks for."""
    asks = seen.asks
    if seen.name == "groups":
        labels = joined([words.groups[name] for name in asks])
        return text("lives_parts.groups").replace("{0}", labels)
    if seen.name == "modes":
        key = "modes_in_order" if asks["in_order"] else "modes"
        return text(f"lives_parts.{key}").replace("{0}", joined(asks["modes"]))
    if seen.name == "leaves_again":
        return text(f"lives_parts.leaves_again_{asks}")
    if isinstance(asks, dict):
        shown = {k: day(v) if isinstance(v, str) else v for k, v in asks.items()}
        return text(f"lives_parts.{seen.name}", **shown)
    return text(f"lives_parts.{seen.name}").replace(
        "{0}", (names | words.towns).get(asks, str(asks))
    )


def share(found: Share | None) -> str:
    """A share with one standard error; small ones as so many in a million."""
    if found is None or math.isnan(found.share):
        return ""
    if found.people == 0:
        return f"none (< {small(found.high)})"
    scale, unit = _unit(found.share)
    return f"{_digits(scale * found.share)} ± {_digits(scale * found.error)}{unit}"


def small(value: float) -> str:
    """A share as percent, or in a million where a percent is too coarse."""
    scale, unit = _unit(value)
    return f"{_digits(scale * value)}{unit}"


def _unit(value: float) -> tuple[float, str]:
    return (100.0, PERCENT) if value >= 0.001 else (1e6, " in a million")


def _digits(value: float) -> str:
    """Two leading digits, all before the point."""
    if value == 0:
        return "0"
    places = max(1 - math.floor(math.log10(abs(value))), 0)
    return f"{value:,.{min(places, 4)}f}"


def mood(entry: Entry) -> str:
    """Money and feelings of a day; what was spent abroad is not followed home."""
    said = [
        "" if entry.status in ("returned", "journey back") else feelings.money(entry.savings),
        feelings.belief(entry.belief),
        feelings.rumour(entry.rumour),
        feelings.longing(entry.longing),
    ]
    words = "; ".join(part for part in said if part)
    return words[:1].upper() + words[1:]


def rides(found: Sequence[Ride], day: int, words: Words) -> Iterator[str]:
    """A journey over the roads, leg by leg, and what it costs."""
    if words.roads is None or not found or found[0].leg < 0:
        return
    network, ready = words.roads.network, float(found[0].start)
    legs, towns = network.legs, network.towns
    name = [words.towns.get(code, code) for code in towns.names]
    if int(ready) > day:
        yield f"waits until {words.date(int(ready))}"
    for ride in found:
        waited = ride.start - ready
        wait = f" after {waited:.1f} days of waiting" if waited >= 0.05 else ""
        start, end = name[legs.start[ride.leg]], name[legs.end[ride.leg]]
        mode = MODES[legs.mode[ride.leg]]
        how = "on foot" if mode == "foot" else f"by {mode}"
        yield f"{words.date(int(ride.start))}{wait}: {how} from {start} to {end}"
        ready = ride.start + float(legs.days[ride.leg])
    paid = sum(float(legs.cost[ride.leg]) for ride in found)
    yield f"the way costs about {_digits(paid / words.living[day])} months of living costs at home"


def chance(why: Decision) -> str:
    """How likely the move was on its day, against the base rate."""
    times = why.per_day / why.base
    return f"chance of it on this day {small(why.chance)}, {_digits(times)} times the base rate"


def reasons(why: Decision, most: int | None = None) -> list[tuple[str, float, str]]:
    """Rules that counted, strongest first: name, factor and sentence."""
    told = [(t.rule, t.factor, t.says) for t in why.terms if _counts(t.factor)]
    if _counts(why.appeal):
        told.append((text("lives.appeal"), why.appeal, text("lives.appeal_says")))
    told.sort(key=lambda one: -abs(math.log(one[1])) if one[1] > 0 else -math.inf)
    return told[:most]


def _counts(factor: float) -> bool:
    return factor >= STRONG or factor <= 1 / STRONG


def path(steps: Sequence[Step], words: Words) -> str:
    """Moves in one line."""
    if not steps:
        return "never leaves"
    return "; ".join(f"{words.date(s.day)} {words.move(s.move, s.place)}" for s in steps)


def difference(lived: Life, other: Life, words: Words) -> str:
    """What differs in the life lived again."""
    if lived.steps == other.steps:
        return "the same life"
    if [replace(s, rides=()) for s in lived.steps] == [replace(s, rides=()) for s in other.steps]:
        return "the same life by another way"
    if not other.steps:
        return "never leaves"
    n = same_moves(lived.steps, other.steps)
    nexts = [steps[n].day for steps in (lived.steps, other.steps) if n < len(steps)]
    start = f"the same until {words.date(min(nexts))}, then " if n else ""
    if n < len(other.steps):
        return start + path(other.steps[n:], words)
    last = other.steps[-1]
    return (
        start + ("stays in " if last.place >= 0 else "stays at home in ") + words.place(last.place)
    )


def same_moves(a: Sequence[Step], b: Sequence[Step]) -> int:
    """How many moves two lives have in common from the start."""
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n
