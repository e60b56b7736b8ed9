"""A diary: what a life looked like on its days, and the rules that decided each move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, expm1, inf, log

from nostoi.engine.twin import Person
from nostoi.engine.twin.life import ORIGIN
from nostoi.rules.moves import MOVES
from nostoi.study.again import Replay
from nostoi.study.explain import Term, term_of
from nostoi.study.life import Life, Ride, Step, advance

LONG = 60
"""A stay of more days gets an entry in its middle."""

BASES = {move.name: move.base for move in MOVES}


@dataclass(frozen=True)
class Pull:
    """What drew the person to the place they went to, against all places on offer.

    Attributes:
        rule: name of the rule.
        value: log weight there less its mean over places, weighted by their shares.
        says: the rule in one sentence.
    """

    rule: str
    value: float
    says: str


@dataclass(frozen=True)
class Decision:
    """Why a move was made on a day.

    Attributes:
        base: base rate per day.
        appeal: factor of all places together against quiet times (first departures; else 1).
        per_day: base x appeal x all factors: the rate of the move on that day.
        chance: chance of the move on that day, other moves aside.
        terms: pushes and abilities, strongest first.
        share: share of those who set out on that day for the place gone to; None without a choice.
        pulls: what drew there, strongest first.
    """

    base: float
    appeal: float
    per_day: float
    chance: float
    terms: tuple[Term, ...]
    share: float | None
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class Entry:
    """One day of a diary.

    Attributes:
        day: day number.
        what: a move, or `event`, `middle` or `end`.
        place: position of the host where the person is or goes; -1 is home.
        status: where the person stands in the evening, as the engine says.
        days: since the last move, before this one.
        savings: months of living costs left, at the prices of the place where the person is; on a
            day of setting out, of the place left. At home always those before any journey.
        belief: chance of a call-up within a year as the person's group at that place sees it, 0..1.
        rumour: share of that group there who talk of it, 0..1.
        longing: log factor of the time away on the wish to go home; None at home.
        why: the rules behind a move; None for other days and for arrivals.
        rides: legs of the journey that the move begins, where there are roads.
    """

    day: int
    what: str
    place: int
    status: str
    days: int
    savings: float
    belief: float
    rumour: float
    longing: float | None
    why: Decision | None
    rides: tuple[Ride, ...] = ()


def diary(replay: Replay, life: Life, event: int) -> tuple[Entry, ...]:
    """The entries of a life: its moves, the day of the event, the middle of long stays, the end.

    Args:
        replay: days of the world that the life was lived in.
        life: the life.
        event: day number of the event of the case.
    """
    last = replay.around.model.world.clock.n - 1
    return tuple(_entry(replay, who, step, day, what) for who, step, day, what in
                 _days(life, event, last))  # fmt: skip


def _days(life: Life, event: int, last: int) -> Iterator[tuple[Person, Step | None, int, str]]:
    """Where the person stood, the move if any, the day and its name."""
    begun = 0
    for who, step in life.standing():
        until = last if step is None else step.day
        between = [(event, "event")] if begun < event < until else []
        if until - begun > LONG and who.status == "host":
            between.append(((begun + until) // 2, "middle"))
        for day, what in sorted(between):
            yield who, None, day, what
        if step is None:
            yield who, None, last, "end"
        else:
            yield who, step, step.day, step.move
            begun = step.day


def _entry(replay: Replay, who: Person, step: Step | None, day: int, what: str) -> Entry:
    """One entry; `who` stands as before the move."""
    if replay.day != day:
        replay.open(day)
    after = replace(who)
    if step is not None:
        advance(after, step)
    # On arrival the journey is paid; before, nobody has a view of the place.
    view = replay.view(after if after.status in ("host", "returned") else who)
    longing = None
    if who.status == "host":
        rules = [r for r in replay.twin.rules("go_home", "push") if r.name == "longing"]
        longing = float(sum(rule(*view, replay.twin.p) for rule in rules))
    return Entry(
        day=day,
        what=what,
        place=after.place,
        status=after.status,
        days=day - who.since,
        savings=float(view[0].savings),
        belief=float(view[0].belief),
        rumour=float(view[0].rumour),
        longing=longing,
        why=None if step is None else _decision(replay, who, step),
        rides=() if step is None else step.rides,
    )


def _decision(replay: Replay, who: Person, step: Step) -> Decision | None:
    """The rules behind a move; None where only the days of a journey decide."""
    if step.move in ("arrive", "come_back", "turn_back"):
        return None
    twin, view = replay.twin, replay.view(who)
    rules = [*twin.rules(step.move, "push"), *twin.rules(step.move, "able")]
    terms = sorted((term_of(rule, rule(*view, twin.p)) for rule in rules), key=_strength)
    appeal = replay.choices(who.group)[0] if step.move == "leave" else 1.0
    base = exp(float(getattr(twin.p, BASES[step.move])))
    rate = base * appeal
    for term in terms:
        rate *= term.factor
    share, pulls = _draw(replay, who, step)
    return Decision(base, appeal, rate, -expm1(-rate), tuple(terms), share, pulls)


def _strength(term: Term) -> float:
    """Strongest first, whether it drives or holds."""
    return -abs(log(term.factor)) if term.factor > 0.0 else -inf


def _draw(replay: Replay, who: Person, step: Step) -> tuple[float | None, tuple[Pull, ...]]:
    """Share of the place gone to, and what drew there against all places on offer."""
    if step.place == ORIGIN or step.move == "call_up":
        return None, ()
    twin, offered, before = replay.twin, replay.offered(who), replay.newcomers()
    shares = [w / sum(offered) for w in offered]
    views = []
    for h, persons in enumerate(before):
        view = twin.view(who.group, h, replay.day)
        view[1].newcomers = persons
        views.append(view)
    pulls = []
    for rule in twin.rules("choose", "pull"):
        values = [float(rule(*view, twin.p)) if s > 0 else 0.0
                  for view, s in zip(views, shares, strict=True)]  # fmt: skip
        mean = sum(v * s for v, s in zip(values, shares, strict=True))
        pulls.append(Pull(rule.name, values[step.place] - mean, rule.says))
    return shares[step.place], tuple(sorted(pulls, key=lambda pull: -abs(pull.value)))
