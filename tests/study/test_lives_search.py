"""Lives of a run: logged whole, found where they were planted, counted as a pencil counts them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from tests.worlds import START, clock_of, constant_rates, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.case.lives import Life as Told
from nostoi.engine.agents.columns import HOME, STATUS, People
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.study.chances import Chance, Crowd, chances, share_of
from nostoi.study.life import Life, Step, as_run, life_of
from nostoi.study.likeness import FARTHEST, OTHER, Likeness, Names, likeness
from nostoi.study.lives import nearest
from nostoi.study.movelog import MoveLog, Moves
from nostoi.study.rides import Log
from nostoi.study.stays import Stays, stays_of

WEEKS = 40
NAMES = Names(("group0", "group1"), ("BBB", "CCC"))


def told(**more: Any) -> Told:
    """A description; dates are days of the case."""
    for key in ("leaves", "returns"):
        if key in more:
            first, last = (START + timedelta(days=d) for d in more[key])
            more[key] = {"from": first.isoformat(), "to": last.isoformat()}
    if "stay" in more:
        low, high = more["stay"]
        more["stay"] = {"from": f"{low} days", "to": f"{high} days"}
    return Told.model_validate({"title": "a life", "told_by": "nobody", **more}, by_alias=True)


TRAINER = {"groups": ("group0",), "leaves": (70, 80), "host": "BBB", "stay": (60, 90),
           "returns": (140, 160)}  # fmt: skip
PLANTED = Life(
    7, 0, 2.0,
    (Step(75, "leave", 0), Step(77, "arrive", 0), Step(150, "go_home", -1),
     Step(152, "come_back", -1)),
)  # fmt: skip


def lived(number: int, *steps: tuple[int, str, int], group: int = 0) -> Life:
    """A life of so many moves."""
    return Life(number, group, 2.0, tuple(Step(*step) for step in steps))


def like_of(asked: Told, *lives: Life) -> tuple[Likeness, Stays, People]:
    """Likeness of lives to a description."""
    log = as_run(lives)
    stays = stays_of(log)
    return likeness(asked, stays, clock_of(WEEKS, 1), NAMES), stays, log.people


def test_the_log_is_the_life_of_everybody() -> None:
    """From the log alone every evening of 300 people can be told."""
    model = model_of(world_of(clock_of(WEEKS, 1), Phases(4, 4, 14), 3, 3))
    values = values_of(model, 3, scale=0.5)
    values |= {"leave_base": -9.0, "return_base": -5.0, "call_up_base": 5.0}
    log, evenings = MoveLog(), []

    def watch(day: int, people: People) -> None:
        log.watch(day, people)
        evenings.append((people.status.copy(), people.place.copy()))

    done = run(model, values, Settings(seed=5, people=300, everyone=True), watch=watch)
    moves = log.moves()
    seen = set()
    for row in range(300):
        life, status, place = life_of(row, Log(moves, done.people)), "home", -1
        steps = {step.day: step for step in life.steps}
        before = dict(
            zip(steps, (who.status for who, step in life.standing() if step), strict=True)
        )
        after = [who.status for who, _ in life.standing()][1:]
        assert len(steps) == len(life.steps)
        for day, (statuses, places) in enumerate(evenings):
            if day in steps:
                assert before[day] == status
                status, place = after[list(steps).index(day)], steps[day].place
                seen.add(steps[day].move)
            assert (status, place) == (STATUS[statuses[row]], places[row])
    assert len(seen) == 7


def test_a_journey_between_two_evenings_is_two_moves() -> None:
    log = MoveLog()
    empty = as_run([lived(0)])
    people = empty.people
    assert len(empty.moves.row) == 0
    log.watch(3, people)
    people.status[0], people.place[0], people.since[0] = STATUS.index("host"), 1, 4
    log.watch(4, people)
    people.place[0], people.since[0] = 0, 6
    log.watch(6, people)
    people.status[0], people.place[0], people.since[0] = STATUS.index("returned"), -1, 9
    log.watch(9, people)
    log.watch(10, people)
    assert life_of(0, Log(log.moves(), people)).steps == tuple(
        Step(*step)
        for step in [
            (4, "leave", 1), (4, "arrive", 1), (6, "move_on", 0), (6, "arrive", 0),
            (9, "go_home", -1), (9, "come_back", -1),
        ]
    )  # fmt: skip


def test_lives_and_logs_are_the_same_thing() -> None:
    lives = [PLANTED, lived(9, (5, "call_up", -1), group=1), lived(3)]
    log = as_run(lives)
    assert [life_of(row, log) for row in range(3)] == lives


def test_a_planted_life_is_found_at_distance_zero() -> None:
    """Among 200 lives of a run, the one that was planted comes first, and alone fits."""
    model = model_of(world_of(clock_of(WEEKS, 1), Phases(4, 4, 14), 2, 2))
    values = values_of(model) | {"leave_base": -7.0, "return_base": -4.0}
    log = MoveLog()
    done = run(model, values, Settings(seed=2, people=200, everyone=True), watch=log.watch)
    lives = [life_of(row, Log(log.moves(), done.people)) for row in range(200)]
    like, _, _ = like_of(told(**TRAINER), *lives)
    assert (like.distance > 0).all()
    lives[117] = PLANTED
    like, stays, people = like_of(told(**TRAINER), *lives)
    found = [row for _, _, row in nearest(like, stays, done_with(people), 1, 3)]
    assert found[0] == 117
    assert like.distance[stays.row == 117].tolist() == [0.0]
    rest = [like.distance[stays.row == row].min() for row in found]
    assert rest == sorted(rest) and rest[1] > 0


def done_with(people: People) -> AgentRun:
    """A run of which only the people are known."""
    return AgentRun(None, people, 1.0, 0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("life", "gaps"),
    [
        (PLANTED, {}),
        (lived(1, *((s.day, s.move, s.place) for s in PLANTED.steps), group=1), {"groups": OTHER}),
        (lived(1, (87, "leave", 0), (88, "arrive", 0), (150, "go_home", -1),
               (152, "come_back", -1)), {"leaves": 1.0}),
        (lived(1, (75, "leave", 1), (77, "arrive", 1), (150, "go_home", -1),
               (152, "come_back", -1)), {"host": OTHER}),
        (lived(1, (75, "leave", 0), (77, "arrive", 0), (197, "go_home", -1),
               (205, "come_back", -1)), {"stay": 1.0, "returns": 1.5}),
        (lived(1, (75, "leave", 0), (77, "arrive", 0)),
         {"stay": FARTHEST, "returns": FARTHEST, "leaves_again": OTHER}),
        (lived(1, (75, "leave", 0)),
         {"host": OTHER, "stay": FARTHEST, "returns": FARTHEST, "leaves_again": OTHER}),
        (lived(1, *((s.day, s.move, s.place) for s in PLANTED.steps), (200, "leave_again", 1)),
         {"leaves_again": OTHER}),
    ],
)  # fmt: skip
def test_distances_by_hand(life: Life, gaps: dict[str, float]) -> None:
    like, _, _ = like_of(told(**TRAINER), life)
    assert {part.name: part.gap[0] for part in like.seen if part.gap[0]} == pytest.approx(gaps)
    assert like.distance[0] == pytest.approx(sum(gaps.values()))


def test_only_the_first_trip_counts_and_its_nearest_stay() -> None:
    """Who left in spring, came back, and then did what is told, did not first leave then."""
    again = lived(
        1, (5, "leave", 1), (6, "arrive", 1), (20, "go_home", -1), (21, "come_back", -1),
        (75, "leave_again", 0), (77, "arrive", 0), (150, "go_home", -1), (152, "come_back", -1),
    )  # fmt: skip
    onward = lived(
        2, (70, "leave", 1), (71, "arrive", 1), (76, "move_on", 0), (77, "arrive", 0),
        (150, "go_home", -1), (152, "come_back", -1),
    )  # fmt: skip
    like, stays, _ = like_of(told(**TRAINER), again, onward)
    assert stays.row.tolist() == [0, 1, 1]
    assert stays.left.tolist() == [5, 70, 70]
    assert like.distance[2] == 0.0 and like.distance[0] > 0 and like.distance[1] > 0


@pytest.mark.parametrize(("asked", "fits"), [("yes", [1]), ("no", [0, 2]), ("open", [0, 3])])
def test_what_comes_after_the_return(asked: str, fits: list[int]) -> None:
    back = [(s.day, s.move, s.place) for s in PLANTED.steps]
    gone = [*back, (200, "leave_again", 1)]
    third = [*gone, (201, "arrive", 1), (210, "go_home", -1), (212, "come_back", -1)]
    lives = [lived(0, *back), lived(1, *gone), lived(2, *back, (220, "call_up", -1)),
             lived(3, *third)]  # fmt: skip
    like, stays, _ = like_of(told(**TRAINER, leaves_again=asked), *lives)
    wanted = sorted(fits + ([3] if asked == "yes" else []))
    assert stays.row[like.distance == 0].tolist() == wanted


def test_parts_without_a_column_are_said_to_be_unseen() -> None:
    life = told(age={"from": 33, "to": 37}, origin_town="moscow", modes=("plane",), papers="visa",
                host="BBB", town="kostanai")  # fmt: skip
    like, _, _ = like_of(life, PLANTED)
    assert [one.name for one in like.unseen] == ["age", "origin_town", "papers", "modes", "town"]
    assert [one.name for one in like.seen] == ["host", "leaves_again"]


def test_shares_with_exact_intervals() -> None:
    """Clopper and Pearson's interval: 0 of 10 by its formula, 5 of 10 from their table."""
    none, half = share_of(0, 10), share_of(5, 10)
    assert (none.low, none.share, none.error) == (0.0, 0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025**0.1)
    assert half.low == pytest.approx(0.187, abs=5e-4)
    assert half.high == pytest.approx(0.813, abs=5e-4)
    assert half.error == pytest.approx(0.5 / 10**0.5)
    assert share_of(10, 10).high == 1.0
    assert share_of(0, 0).as_dict()["share"] is None


def test_counts_by_hand() -> None:
    """Four people left of ten; six of the ten belong to the group."""
    other = lived(2, (75, "leave", 1), (77, "arrive", 1))
    late = lived(3, (90, "leave", 0), (91, "arrive", 0), group=1)
    like, stays, _ = like_of(told(**TRAINER), PLANTED, other, late, lived(4, (71, "leave", 0)))
    found = {one.part: one for one in chances(like, stays, Crowd(10, 6, 4))}
    assert list(found) == [
        "groups", "leaves", "host", "stay", "returns", "leaves_again", "all",
    ]  # fmt: skip

    def people(one: Chance) -> tuple[int, int, int | None, int]:
        in_time = None if one.in_time is None else one.in_time.people
        return one.all_people.people, one.leavers.people, in_time, one.so_far.people

    assert people(found["groups"]) == (6, 3, 3, 6)
    assert people(found["leaves"]) == (3, 3, 3, 3)
    assert people(found["host"]) == (2, 2, 1, 1)
    assert people(found["stay"]) == people(found["all"]) == (1, 1, 1, 1)
    assert found["all"].in_time is not None and found["all"].in_time.of == 3


def test_likelihood_of_a_simple_life_is_its_closed_form() -> None:
    """First departure within ten days, and home at the end: a Markov chain by hand."""
    people, leave, home, first, last = 60_000, 0.004, 0.02, 50, 59
    world = world_of(clock_of(20, 1), Phases(4, 4, 14), 1, 1, {"journey_days": 1e-6})
    model = model_of(world, ())
    world.who["persons"][:] = people
    log = MoveLog()
    done = run(model, constant_rates(world, leave, home), Settings(seed=3), watch=log.watch)
    stays = stays_of(Log(log.moves(), done.people))
    like = likeness(told(leaves=(first, last)), stays, world.clock, NAMES)
    left = len(np.unique(stays.row))
    found = {one.part: one for one in chances(like, stays, Crowd(people, people, left))}
    out, back, land = -np.expm1([-leave, -home, -0.5])
    step = np.array([[0, 1, 0, 0], [0, 1 - back, back, 0], [0, 0, 1 - land, land],
                     [out, 0, 0, 1 - out]])  # fmt: skip
    days = world.clock.n
    at_home = [np.linalg.matrix_power(step, days - 1 - t)[0, 3] for t in range(days)]
    begun = {t: np.exp(-leave * t) * out for t in range(first, last + 1)}
    wanted = {
        "leaves": sum(begun.values()),
        "all": sum(share * at_home[t] for t, share in begun.items()),
    }
    for name, share in wanted.items():
        error = np.sqrt(share * (1 - share) / people)
        assert abs(found[name].all_people.share - share) < 4 * error
        assert found[name].all_people.error == pytest.approx(error, rel=0.1)
    assert wanted["leaves"] > 1.3 * wanted["all"] > 0.02


def test_the_lot_decides_among_equals_and_nothing_else_changes_it() -> None:
    lives = [Life(k, 0, 2.0, PLANTED.steps) for k in range(40)]
    like, stays, people = like_of(told(**TRAINER), *lives)
    first = nearest(like, stays, done_with(people), 1, 5)
    assert first == nearest(like, stays, done_with(people), 1, 9)[:5]
    assert first != nearest(like, stays, done_with(people), 2, 5)
    assert nearest(like, stays, done_with(people), 1, 100) == nearest(
        like, stays, done_with(people), 1, 40
    )


def test_nobody_heard_is_no_move() -> None:
    moves = MoveLog().moves()
    assert isinstance(moves, Moves) and len(moves.row) == 0 and HOME == 0
