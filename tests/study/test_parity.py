"""Both engines say the same where people have nothing of their own, and the rest is explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nostoi.case.load import load
from nostoi.engine.daily import model_of
from nostoi.rules.moves import RULES
from nostoi.study.parity import ALL, FIRST, Effort, Level, Row, compare, setups, without

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"


@pytest.fixture(scope="module")
def levels() -> tuple[Level, ...]:
    """The last level of the small case."""
    return compare(load(SMALL), Effort(people=150_000, seeds=4), (3,))


def test_nothing_remains_without_what_people_have(levels: tuple[Level, ...]) -> None:
    """Every move, within two per cent or what four seeds can tell."""
    last = levels[-1]
    assert last.ok, last
    moves = [row.name for row in last.rows]
    assert moves[:7] == [
        "leave", "arrive", "move_on", "go_home", "come_back", "leave_again", "call_up",
    ]  # fmt: skip
    big = {row.name: row for row in last.rows}
    for name in ("leave", "arrive", "abroad at the end"):
        assert abs(big[name].gap) < 0.02


def test_the_last_levels_differ_in_journeys_alone() -> None:
    """From the level with journeys to the last one nothing else is switched off."""
    case = load(SMALL)
    found = setups(case, model_of(case).rules)
    with_roads, without_roads = (found[level] for level in ALL[-2:])
    assert (with_roads.journeys, without_roads.journeys) == (True, False)
    assert with_roads.rules == without_roads.rules
    np.testing.assert_array_equal(with_roads.of_agents, without_roads.of_agents)
    assert not any(found[level].journeys for level in FIRST)


def test_levels_take_away_one_thing_after_the_other() -> None:
    case = load(SMALL)
    found = setups(case, model_of(case).rules)
    assert found[0].of_cohorts.shape[0] < found[0].of_agents.shape[0]
    assert found[1].of_cohorts.shape == found[1].of_agents.shape
    gone = {rule.name for rule in RULES} - {r.name for r in without(RULES, "savings", "days")}
    assert gone == {
        "can_pay", "money_gone", "relief", "longing", "passing_through", "leave_to_stay_ends",
        "papers_elsewhere", "no_roots_yet",
    }  # fmt: skip


def test_totals_keep_the_persons(levels: tuple[Level, ...]) -> None:
    """Who came back is what stocks and flows imply, and never more than went home."""
    for level in levels:
        rows = {row.name: row for row in level.rows}
        assert rows["come_back"].agents <= rows["go_home"].agents
        assert rows["arrive"].agents <= rows["leave"].agents + rows["move_on"].agents + (
            rows["leave_again"].agents
        )


def test_a_gap_is_judged_against_tolerance_and_chance() -> None:
    rows = (Row("a", 0, 100.0, 103.0, 0.1, 0.03, False), Row("b", 0, 1.0, 1.0, 0.0, 0.0, True))
    level = Level("x", rows)
    assert not level.ok
    assert level.largest == pytest.approx(0.03)
    assert level.as_dict()["rows"][0]["name"] == "a"
