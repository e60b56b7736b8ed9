"""closures.csv and the journeys leg by leg: nobody sets out on a way that is closed."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.case.network import network_of, spells_left
from nostoi.case.sites import Closure
from nostoi.engine.journeys.plan import place_goal, way
from nostoi.engine.journeys.timetable import timetable

CORPUS = Path(__file__).parents[1] / "cases" / "valid"
HEAD = "what,first,second,from,to\n"
FIRST = date(2030, 1, 1)
DAYS = st.one_of(st.none(), st.integers(0, 30).map(lambda n: FIRST + timedelta(days=n)))


def with_closures(folder: Path, rows: str) -> Case:
    """The towns of the corpus with some closures."""
    if not folder.exists():
        shutil.copytree(CORPUS / "towns", folder)
    (folder / "closures.csv").write_text(HEAD + rows, encoding="utf-8")
    return load(folder)


def way_on(case: Case, day: date) -> list[tuple[str, str]]:
    """Legs of the best way from the capital to BBB on a day."""
    network = network_of(case)
    assert network is not None
    plan = timetable(network, 300, 2000.0).plan_on((day - case.spec.start).days)
    names = network.towns.names
    legs = way(network, plan, 2, place_goal(network, "BBB"), names.index("capital"))
    return [(names[network.legs.start[k]], names[network.legs.end[k]]) for k in legs]


NORTH = [("capital", "north-post"), ("north-post", "near-town")]
SOUTH = [("capital", "province"), ("province", "south-post"), ("south-post", "near-town")]


@pytest.mark.parametrize(
    ("row", "closed"),
    [
        ("link,near-town,north-post,2030-02-10,2030-02-20\n", SOUTH),
        ("location,north-post,,2030-02-10,2030-02-20\n", SOUTH),
        ("country,BBB,AAA,2030-02-10,2030-02-20\n", []),
        ("redirection,north-post,near-town,2030-02-10,2030-02-20\n", NORTH),
    ],
)
def test_a_closed_leg_is_no_part_of_a_plan(
    row: str, closed: list[tuple[str, str]], tmp_path: Path
) -> None:
    """On the first and the last day of the closure, and not on the days around it."""
    case = with_closures(tmp_path / "case", row)
    assert [way_on(case, date(2030, 2, day)) for day in (9, 10, 20, 21)] == [
        NORTH, closed, closed, NORTH,
    ]  # fmt: skip


def test_a_closure_without_an_end_stays_and_is_no_part_of_the_hash(tmp_path: Path) -> None:
    free = load(CORPUS / "towns")
    case = with_closures(tmp_path / "case", "location,north-post,,2030-02-10,\n")
    assert way_on(case, date(2030, 2, 9)) == NORTH
    assert way_on(case, date(2030, 4, 9)) == SOUTH
    assert case.hash == free.hash
    assert case.full != free.full


def test_rows_of_one_way_share_their_queue(tmp_path: Path) -> None:
    """A closing in between does not make a second queue for the seats of the same plane."""
    before = network_of(load(CORPUS / "towns"))
    row = "link,capital,far-town,2030-02-10,2030-02-20\n"
    after = network_of(with_closures(tmp_path / "case", row))
    assert before is not None and after is not None
    assert after.gates.n == before.gates.n
    assert after.legs.n == before.legs.n + 2
    seats = list(after.gates.town).index(after.towns.names.index("capital"))
    day = (date(2030, 2, 15) - after.start).days
    found = [after.gates.capacity(after.legs, day + more)[seats] for more in (-6, 0, 6)]
    np.testing.assert_array_equal(found, [150.0, 0.0, 150.0])


@given(spell=st.tuples(DAYS, DAYS), ends=st.lists(st.tuples(st.integers(0, 30), DAYS), max_size=4))
def test_what_closures_leave_is_what_is_not_closed(
    spell: tuple[date | None, date | None], ends: list[tuple[int, date | None]]
) -> None:
    """Day by day: open within the spell and outside every closure, and no day in two spells."""
    rows = [
        Closure(what="location", first="x", start=FIRST + timedelta(days=n), end=last)
        for n, last in ends
    ]  # fmt: skip
    rows = [row for row in rows if row.end is None or row.end >= row.start]
    left = spells_left(spell, rows)
    for n in range(-3, 36):
        day = FIRST + timedelta(days=n)
        open_ = (spell[0] is None or spell[0] <= day) and (spell[1] is None or day <= spell[1])
        shut = any(r.start <= day and (r.end is None or day <= r.end) for r in rows)
        within = [s for s in left if (not s[0] or s[0] <= day) and (not s[1] or day <= s[1])]
        assert len(within) == int(open_ and not shut)
