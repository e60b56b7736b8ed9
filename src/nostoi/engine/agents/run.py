"""A run of the agent engine: days one after the other, people in chunks side by side.

What may be read of single people while a run goes on, all of them synthetic:

- `watch(day, people)` hears of every evening: `columns.People`, one row per person with a record.
- `follow(day, whereabouts, steps)` hears of every evening of a run with roads, after `watch`:
  `whereabouts.Whereabouts` has the same rows as `People` (home town, papers, town, gate of the
  queue, leg, money spent on the journey); `whereabouts.Steps` has one row per leg on which somebody
  set out that day (row in `People`, leg, time in days of the clock), those of one person in order.
  With `legs = roads.network.legs` a step k happened on `network.start + floor(steps.start[k])`,
  from town `legs.start[leg]` to town `legs.end[leg]`, by `MODES[legs.mode[leg]]`, cost
  `legs.cost[leg]` of origin money, and took `legs.days[leg]` days after the start; what lies
  between the end of one leg and the start of the next is waiting. `leg` -1 is a trip that no road
  leads to. Whoever decides to go on a day sets out on that day, so a short journey can begin and
  end between two evenings, without an evening on which the status is `journey out`.

Rows never move and ids never change, so a row is a person from its first evening on. Both hear
views, not copies: they must not change them, nor keep them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nostoi.base.calendar import Floats
from nostoi.engine.agents.crowd import Cast, apportion, make_crowd
from nostoi.engine.agents.days import Days
from nostoi.engine.agents.order import AgentRun, Follow, Settings, Watch
from nostoi.engine.agents.own import NOTHING, Own
from nostoi.engine.agents.scene import Fields, mean_fields, means_of, set_stage
from nostoi.engine.agents.travel import Travel
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model

__all__ = [
    "AgentRun", "Cast", "Days", "Follow", "Settings", "Watch", "cast_of", "get_ready", "play",
    "run",
]  # fmt: skip


def run(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    *,
    ladder: Floats | None = None,
    fields: Fields | None = None,
    roads: Roads | None = None,
    watch: Watch | None = None,
    follow: Follow | None = None,
) -> AgentRun:
    """Runs the agent engine.

    Args:
        model: world with a daily clock, rules and sized parameters.
        values: natural parameter values by name.
        settings: seed, number of people, workers.
        ladder: savings of equal-mass rungs in months of living costs, [rung, group]; the bands of
            the world by default.
        fields: belief and rumour; those of the cohort engine by default.
        roads: network and travellers of the case, for journeys leg by leg; None = no roads.
        watch: hears of every evening.
        follow: hears where people are and which legs they began, if there are roads.
    """
    cast = cast_of(model, settings, ladder)
    return play(
        model, values, settings, cast, fields=fields, roads=roads, watch=watch, follow=follow
    )


def cast_of(model: Model, settings: Settings, ladder: Floats | None = None) -> Cast:
    """Everybody at home before the first day; the arguments as in `run`."""
    ladder = model.world.savings if ladder is None else ladder
    persons = model.world.who["persons"]
    total = round(float(persons.sum())) if settings.people is None else settings.people
    return Cast(make_crowd(apportion(persons, total), ladder), settings.everyone)


def play(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    cast: Cast,
    *,
    fields: Fields | None = None,
    roads: Roads | None = None,
    watch: Watch | None = None,
    follow: Follow | None = None,
) -> AgentRun:
    """Runs the agent engine with a given cast (which it changes); otherwise as `run`."""
    fields = mean_fields(model, values) if fields is None else fields
    return get_ready(model, values, settings, cast, fields, roads=roads).play(watch, follow)


def get_ready(
    model: Model,
    values: Mapping[str, Any],
    settings: Settings,
    cast: Cast,
    fields: Fields,
    own: Own = NOTHING,
    roads: Roads | None = None,
) -> Days:
    """All that comes before the first day; then `play(watch, follow)` of what is returned runs.

    The arguments are as in `run`, and `own` are personal columns: with any, everybody needs a
    record (`Settings.everyone`).

    Raises:
        ValueError: if people without a record are to have columns of their own, or if the choice of
            a place reads them, which all of a group make alike.
    """
    personal = own != NOTHING or bool(means_of(model))
    if personal and cast.n < cast.total:
        raise ValueError("personal columns need a record for everybody: Settings(everyone=True)")
    mine = {span.name for span in own.spans}
    pulls = [r.name for r in model.rules if r.kind == "pull" and mine & set(r.columns("who"))]
    if pulls:
        raise ValueError(f"the choice of a place reads personal columns: {', '.join(pulls)}")
    stage = set_stage(model, values, fields, own, own.copies(cast.n))
    days = Days(model, stage, settings, cast)
    if roads is not None and settings.journeys:
        days.travel = Travel(roads, model.world, days.weight, days.seed, cast.papers)
    return days
