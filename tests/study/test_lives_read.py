"""Reading a life: entries on the right days, reasons that multiply to the rate, single changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from nostoi.case.case import Case
from nostoi.case.load import changed, load
from nostoi.engine.agents.scene import mean_fields
from nostoi.engine.daily import daily, model_of
from nostoi.engine.purse import burn_of, savings_left
from nostoi.infer.drive import prior_medians
from nostoi.present import feelings
from nostoi.study.again import Around, Replay
from nostoi.study.changes import MAKERS, of_person, of_world
from nostoi.study.diary import diary
from nostoi.study.life import Life, Step

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
LIFE = Life(
    5, 0, 4.0,
    (Step(80, "leave", 0), Step(83, "arrive", 0), Step(200, "move_on", 1), Step(202, "arrive", 1),
     Step(230, "go_home", -1), Step(233, "come_back", -1), Step(300, "leave_again", 0)),
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Case:
    return load(SMALL)


@pytest.fixture(scope="module")
def around(case: Case) -> Around:
    """The small case by day, with as many compatriots abroad as there are days."""
    coarse = model_of(case)
    model, values = daily(case, coarse), prior_medians(coarse)
    days = np.arange(model.world.clock.n, dtype=float)
    newcomers = np.stack([100.0 * days, 10.0 * days], 1)
    return Around(model, values, mean_fields(model, values), newcomers, 1)


def test_entries_stand_for_moves_the_event_long_stays_and_the_end(around: Around) -> None:
    event = around.model.world.event
    assert around.model.world.clock.on(event) == date(2030, 3, 4)
    found = [(e.day, e.what, e.place, e.status) for e in diary(Replay(around), LIFE, event)]
    assert found == [
        (event, "event", -1, "home"),
        (80, "leave", 0, "journey out"),
        (83, "arrive", 0, "host"),
        (141, "middle", 0, "host"),
        (200, "move_on", 1, "journey out"),
        (202, "arrive", 1, "host"),
        (230, "go_home", -1, "journey back"),
        (233, "come_back", -1, "returned"),
        (300, "leave_again", 0, "journey out"),
        (364, "end", 0, "journey out"),
    ]


def test_money_and_feelings_are_what_the_rules_read(around: Around) -> None:
    entries = {e.what: e for e in diary(Replay(around), LIFE, around.model.world.event)}
    world, fields = around.model.world, around.fields
    burn = burn_of(world.at["cover"][0, 141], world.who["remote"][0])
    cost, price = world.at["journey_cost"][0, 141], world.at["price_ratio"][0, 141]
    wanted = savings_left(4.0, cost, price, burn, 141 - 83)
    assert entries["middle"].savings == pytest.approx(wanted)
    assert entries["leave"].savings == entries["end"].savings == 4.0
    assert entries["middle"].belief == fields.belief[141, 0, 1]
    assert entries["leave"].belief == fields.belief[80, 0, 0]
    assert entries["go_home"].rumour == fields.rumour[230, 0, 2]
    assert entries["leave"].longing is None and entries["come_back"].longing is None
    # The wish to go home falls from 0.8 at arrival to 0 on day 14, by the prior medians.
    early = replace(LIFE, steps=(*LIFE.steps[:2], Step(90, "go_home", -1)))
    entry = next(e for e in diary(Replay(around), early, 0) if e.what == "go_home")
    assert entry.longing == pytest.approx(0.8 * (1 - 7 / 14))


def test_reasons_multiply_to_the_rate_that_decides(around: Around) -> None:
    replay = Replay(around)
    decided = {e.what: e.why for e in diary(replay, LIFE, 0) if e.why is not None}
    assert list(decided) == ["leave", "move_on", "go_home", "leave_again"]
    for who, step in LIFE.standing():
        if step is None or step.move not in decided:
            continue
        why = decided[step.move]
        assert why is not None
        replay.open(step.day)
        product = why.base * why.appeal
        for term in why.terms:
            assert term.factor == pytest.approx(
                exp(term.value) if term.kind == "push" else term.value
            )
            product *= term.factor
        assert why.per_day == pytest.approx(product)
        assert why.per_day == pytest.approx(replay.rates(who)[step.move], rel=1e-12)
        assert why.chance == pytest.approx(1 - exp(-why.per_day))
        strengths = [abs(log(term.factor)) if term.factor else np.inf for term in why.terms]
        assert strengths == sorted(strengths, reverse=True)


def test_pulls_tell_why_this_place(around: Around) -> None:
    """Log odds of two places = difference of their pulls; onward movers cannot stay."""
    replay = Replay(around)
    other = replace(LIFE, steps=(Step(80, "leave", 1), *LIFE.steps[1:]))
    whys = [next(e.why for e in diary(replay, life, 0) if e.what == "leave")
            for life in (LIFE, other)]  # fmt: skip
    (a, b) = (why for why in whys if why is not None)
    assert a.share is not None and b.share is not None
    assert a.share + b.share == pytest.approx(1.0)
    odds = sum(p.value for p in a.pulls) - sum(p.value for p in b.pulls)
    assert log(a.share / b.share) == pytest.approx(odds)
    onward = next(e.why for e in diary(replay, LIFE, 0) if e.what == "move_on")
    home = next(e.why for e in diary(replay, LIFE, 0) if e.what == "go_home")
    assert onward is not None and home is not None
    assert onward.share == 1.0 and home.share is None
    assert all(pull.value == pytest.approx(0.0) for pull in onward.pulls)


def test_single_changes_change_one_thing(case: Case, around: Around) -> None:
    found, left_out = of_world(case, around)
    assert left_out == []
    worlds = {change.name: after for change, after in found}
    assert list(worlds) == list(MAKERS)
    now, at = around.model.world.now, around.model.world.at
    for name, after in worlds.items():
        world = after.model.world
        touched = {k for k in now if not np.array_equal(world.now[k], now[k])}
        touched |= {k for k in at if not np.array_equal(world.at[k], at[k])}
        rules = {r.name for r in around.model.rules} - {r.name for r in after.model.rules}
        values = {k for k, v in around.values.items() if not np.array_equal(v, after.values[k])}
        assert (touched | rules | values) == WHAT[name], name
        assert (
            after.newcomers is around.newcomers and after.model.reference == around.model.reference
        )
    said = case.signals[2]
    assert said.kind == "decree_status"
    decree, day = (
        worlds["decree_ended"].model.world.now["decree"],
        (said.date - case.spec.start).days,
    )
    assert decree[day - 1] == 1.0 and not decree[day:].any()
    assert not np.array_equal(worlds["decree_ended"].fields.belief, around.fields.belief)
    assert worlds["cheaper_journey"].fields is around.fields


WHAT = {
    "no_decree": {"mobilisation", "decree", "call_rate", "fare"},
    "decree_ended": {"decree"},
    "no_rumours": {"rumour", "sowing"},
    "no_fear": {"fear_of_call_up", "out_of_the_system", "danger_at_home"},
    "no_limit_of_stay": {"leave_to_stay_ends", "papers_elsewhere"},
    "cheaper_journey": {"journey_cost"},
    "no_homesickness": {"longing"},
}


def test_what_a_case_has_not_cannot_be_changed(case: Case) -> None:
    quiet = [s for s in case.full["signals"] if s["kind"] == "war"]
    calm = changed(case, case.full | {"signals": quiet})
    coarse = model_of(calm)
    values = dict(prior_medians(coarse)) | {"longing": np.zeros(7)}
    model = daily(calm, coarse)
    still = Around(model, values, mean_fields(model, values), np.zeros((365, 2)), 1)
    found, left_out = of_world(calm, still)
    assert {one.name for one in left_out} == {
        "no_decree", "decree_ended", "no_rumours", "no_homesickness",
    }  # fmt: skip
    assert len(found) == 3 and all(one.why for one in left_out)


def test_changes_of_the_person(case: Case) -> None:
    found = {change.name: life for change, life in of_person(case, LIFE)}
    assert list(found) == ["savings_doubled", "savings_halved", "group_others"]
    assert [life.savings for life in found.values()] == [8.0, 2.0, 4.0]
    assert [life.group for life in found.values()] == [0, 0, 1]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (-1.0, "in debt by about a month of living costs"),
        (0.1, "nothing put by"),
        (0.4, "about half a month of living costs put by"),
        (2.4, "about 2.5 months of living costs put by"),
        (11.6, "about 12 months of living costs put by"),
    ],
)
def test_money_in_words(months: float, words: str) -> None:
    assert feelings.money(months) == words


def test_feelings_in_words() -> None:
    assert feelings.belief(0.1) == "hardly expects a call-up within a year (10 %)"
    assert feelings.belief(1.0) == "firmly expects a call-up within a year (100 %)"
    assert feelings.rumour(0.01) == "hardly anybody around talks of it"
    assert feelings.rumour(0.25) == "25 in 100 around talk of it"
    assert feelings.longing(None) == ""
    assert feelings.longing(0.0) == "homesickness neither draws nor holds"
    assert feelings.longing(log(2)) == "homesickness: going home is 2.0 times as likely"
    assert feelings.longing(-log(2)) == "settled for now: going home is 0.5 times as likely"
