"""The same person again: luck known in hindsight, the same life unchanged, honest pairs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest
from tests.worlds import clock_of, constant_rates, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.engine.agents.crowd import apportion, make_crowd
from nostoi.engine.agents.run import Cast, Settings, play, run
from nostoi.engine.agents.scene import mean_fields
from nostoi.engine.model import Model
from nostoi.study.again import Around, hindsight, relive
from nostoi.study.life import Life, life_of
from nostoi.study.lives import around_of
from nostoi.study.luck import luck_of, uniforms
from nostoi.study.movelog import MoveLog
from nostoi.study.rides import Log

Values = dict[str, Any]
SEED = 11


def lively(weeks: int = 40) -> tuple[Model, Values]:
    """Three groups and hosts, every rule on, and rates at which much happens."""
    model = model_of(world_of(clock_of(weeks, 1), Phases(4, 4, 14), 3, 3))
    values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-9.0), np.asarray(-5.0)
    values["call_up_base"] = np.asarray(4.0)
    return model, values


def played(
    model: Model, values: Values, people: int, everyone: bool = False
) -> tuple[Around, list[Life]]:
    """What surrounded a run, and all its lives."""
    log, fields = MoveLog(), mean_fields(model, values)
    asked = Settings(seed=SEED, people=people, everyone=everyone)
    done = run(model, values, asked, fields=fields, watch=log.watch)
    rows = range(len(done.people.id))
    lives = [life_of(row, Log(log.moves(), done.people)) for row in rows]
    return around_of(model, values, fields, done, SEED), lives


def constant(leave: float, home: float, weeks: int = 12) -> tuple[Model, Values]:
    """One group, one host, no rules, rates per day that nothing changes."""
    world = world_of(clock_of(weeks, 1), Phases(4, 4, 14), 1, 1, {"journey_days": 1e-6})
    return model_of(world, ()), constant_rates(world, leave, home)


def test_numbers_are_those_of_the_streams() -> None:
    days = np.array([0, 5, 2**31], np.uint64)
    key = seed_word(3), stream("luck of leave")
    wanted = [two_uniforms(*key, np.uint64(2**40 + 1), day)[0] for day in days]
    assert uniforms(3, "luck of leave", 2**40 + 1, days).tolist() == wanted


@pytest.mark.parametrize("everyone", [False, True])
def test_unchanged_a_life_is_the_same_life(everyone: bool) -> None:
    """Every rule on; people who were counts, and people with a record from the first day."""
    model, values = lively()
    around, lives = played(model, values, 60, everyone)
    assert relive(around, lives, hindsight(around, lives)) == lives
    assert {step.move for life in lives for step in life.steps} >= {
        "leave", "arrive", "move_on", "go_home", "come_back", "leave_again",
    }  # fmt: skip


def test_other_surroundings_are_noticed() -> None:
    """The twin does not follow a run under parameters that are not the run's."""
    model, values = lively()
    around, lives = played(model, values, 300)
    other = replace(around, values=values | {"return_base": values["return_base"] + 3.0})
    with pytest.raises(RuntimeError, match="does not live day"):
        hindsight(other, lives)


def test_luck_in_hindsight_has_the_law_of_luck() -> None:
    """Over all people, whatever their lives, clocks are unit exponential and days independent."""
    model, values = constant(0.02, 0.04)
    around, lives = played(model, values, 250, everyone=True)
    lucks = hindsight(around, lives)
    for move in ("leave", "go_home"):
        numbers = np.array([luck.clock[move] for luck in lucks])
        assert kstest(numbers[:, ::7].ravel(), "expon").pvalue > 1e-4
        assert kstest(numbers.min(1) * numbers.shape[1], "expon").pvalue > 1e-4


def test_luck_of_places_in_hindsight_has_the_law_of_luck() -> None:
    """A place chosen by its weight, then its luck: unit exponential for every place."""
    weights = [0.2, 1.0, 0.8]
    numbers = []
    for person in range(1000):
        place = int(np.searchsorted(np.cumsum(weights) / 2, np.random.default_rng(person).random()))
        luck = luck_of(1, person, 1, 3)
        luck.knows_place(0, weights, place)
        assert luck.chooses(0, weights) == place
        numbers.append(luck.places(0))
    for column in np.array(numbers).T:
        assert kstest(column, "expon").pvalue > 1e-4


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(1e-6, 5.0), min_size=2, max_size=2),
    st.sampled_from([None, "go_home", "move_on"]),
    st.floats(1.0, 50.0),
    st.integers(0, 2**63),
)
def test_what_happened_happens_again_and_a_weaker_wish_is_no_other_move(
    rates: list[float], move: str | None, times: float, person: int
) -> None:
    """A weaker wish to go home makes nobody move on; a stronger one leaves a return a return."""
    now = dict(zip(("go_home", "move_on"), rates, strict=True))
    luck = luck_of(1, person, 1, 1)
    luck.knows(0, now, move)
    assert luck.happens(0, now) == move
    if move == "go_home":
        assert luck.happens(0, now | {"go_home": now["go_home"] * times}) == "go_home"
    else:
        assert luck.happens(0, now | {"go_home": now["go_home"] / times}) == move


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.01, 5.0), min_size=3, max_size=3),
    st.integers(0, 2),
    st.floats(1.0, 50.0),
    st.integers(0, 2**63),
)
def test_a_place_that_draws_more_keeps_those_who_chose_it(
    weights: list[float], place: int, times: float, person: int
) -> None:
    luck = luck_of(1, person, 1, 3)
    luck.knows_place(1, weights, place)
    more = [w * (times if h == place else 1.0) for h, w in enumerate(weights)]
    assert luck.chooses(1, weights) == luck.chooses(1, more) == place
    assert luck.chooses(1, [w * times for w in weights]) == place


def test_twice_the_wish_brings_a_departure_forward_as_often_as_a_pencil_says() -> None:
    """Who left on day L leaves earlier with 1 - exp(-a L), and never later."""
    rate = 0.008
    model, values = constant(rate, 0.0)
    around, lives = played(model, values, 900)
    twice = replace(around, values=values | {"leave_base": np.log(2 * rate)})
    again = relive(twice, lives, hindsight(around, lives))
    days = np.array([life.first for life in lives])
    new = np.array([life.first for life in again])
    chance = -np.expm1(-rate * days)
    error = np.sqrt((chance * (1 - chance)).sum())
    assert ((new >= 0) & (new <= days)).all()
    assert abs((new < days).sum() - chance.sum()) < 4 * error
    assert error < 0.1 * chance.sum()


def test_half_the_wish_keeps_about_half() -> None:
    """Of the departures of a day, (1 - exp(-a/2)) / (1 - exp(-a)) happen under half the rate."""
    rate = 0.02
    model, values = constant(rate, 0.0)
    around, lives = played(model, values, 500)
    half = replace(around, values=values | {"leave_base": np.log(rate / 2)})
    again = relive(half, lives, hindsight(around, lives))
    kept = sum(a.first == b.first for a, b in zip(lives, again, strict=True))
    share = np.expm1(-rate / 2) / np.expm1(-rate)
    assert abs(kept - share * len(lives)) < 4 * np.sqrt(share * (1 - share) * len(lives))
    assert all(b.first == -1 or b.first >= a.first for a, b in zip(lives, again, strict=True))


def test_lived_again_in_another_world_everybody_obeys_that_world() -> None:
    """All people of a run, pairs put aside: still at home after n days is exp(-2 a n)."""
    rate, people = 0.008, 600
    model, values = constant(rate, 0.02)
    around, lives = played(model, values, people, everyone=True)
    twice = replace(around, values=values | {"leave_base": np.log(2 * rate)})
    again = relive(twice, lives, hindsight(around, lives))
    wanted = np.exp(-2 * rate * model.world.clock.n)
    found = sum(not life.steps for life in again) / people
    assert abs(found - wanted) < 4 * np.sqrt(wanted * (1 - wanted) / people)
    before = sum(not life.steps for life in lives) / people
    assert before - found > 0.1


def test_one_person_changed_changes_one_life() -> None:
    """In the engine itself and lived again; compatriots draw nobody here."""
    model, values = lively(24)
    values |= {"compatriots": np.asarray(0.0)}
    fields = mean_fields(model, values)

    def with_savings(row: int, months: float) -> tuple[Around, list[Life]]:
        cast = Cast(
            make_crowd(apportion(model.world.who["persons"], 60), model.world.savings), True
        )
        cast.people.savings[row] *= months
        log = MoveLog()
        done = play(model, values, Settings(seed=SEED), cast, fields=fields, watch=log.watch)
        lives = [life_of(k, Log(log.moves(), done.people)) for k in range(60)]
        return around_of(model, values, fields, done, SEED), lives

    around, lives = with_savings(0, 1.0)
    row = max(range(60), key=lambda k: len(lives[k].steps))
    _, changed = with_savings(row, 0.02)
    assert [k for k in range(60) if lives[k] != changed[k]] == [row]
    assert lives[row].steps != changed[row].steps
    poorer = [replace(life, savings=life.savings * 0.02) if k == row else life
              for k, life in enumerate(lives)]  # fmt: skip
    again = relive(around, poorer, hindsight(around, lives))
    assert [k for k in range(60) if lives[k] != again[k]] == [row]
    assert again[row].steps != lives[row].steps
