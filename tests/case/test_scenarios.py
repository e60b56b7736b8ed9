"""Scenarios: composed in any order to the same bytes, refused where they touch the same thing."""

from __future__ import annotations

import itertools
import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.build import world_of
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.case.patch import extended, patched, value_on
from nostoi.case.plans import Plan, chosen, plan_from_file

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
HEAD = "title: T\nsays: S.\nsource: invented\nfrom: 2030-06-01\nchanges:\n"


@pytest.fixture(scope="module")
def case() -> Case:
    return load(SMALL)


def plan(folder: Path, name: str, *changes: str, start: str = "2030-06-01") -> Plan:
    path = folder / f"{name}.yaml"
    lines = "".join(f"  - {{{change}}}\n" for change in changes)
    text = HEAD.replace("2030-06-01", start) + lines if changes else HEAD.replace("changes:\n", "")
    path.write_text(text, encoding="utf-8")
    return plan_from_file(path)


def test_no_change_is_the_case_itself(case: Case, tmp_path: Path) -> None:
    assert patched(case, [plan(tmp_path, "nothing")]) is case
    same = plan(tmp_path, "same", "change: money, place: AAA, quantity: wage, factor: 1")
    assert patched(case, [same]) is case


def test_any_order_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    plans = [
        plan(tmp_path, "a", "change: regime, place: BBB, entry: 0.4"),
        plan(tmp_path, "b", "change: money, place: hosts, quantity: exchange, factor: 0.7"),
        plan(tmp_path, "c", "change: signal, id: X, kind: war, place: AAA, strength: 1, "
             "half_life_days: 9", "change: regime, place: BBB, from: 2030-07-01, to: 2030-08-15, "
             "permit_ease: 0.1"),
    ]  # fmt: skip
    made = [patched(case, order) for order in itertools.permutations(plans)]
    assert len({one.hash for one in made}) == 1
    assert made[0].hash != case.hash
    worlds = [world_of(one) for one in made]
    for name, column in worlds[0].at.items():
        assert all(column.tobytes() == world.at[name].tobytes() for world in worlds)


def test_two_that_touch_the_same_are_refused_with_both_places(case: Case, tmp_path: Path) -> None:
    one = plan(tmp_path, "one", "change: regime, place: BBB, entry: 0.4")
    two = plan(tmp_path, "two", "change: regime, place: hosts, entry: 0.6, from: 2030-10-01")
    with pytest.raises(NostoiError) as refused:
        patched(case, [one, two])
    (finding,) = refused.value.findings
    assert (finding.number, finding.file, finding.row) == (176, "two.yaml", 6)
    assert "one.yaml:6" in finding.what


def test_a_regime_is_split_at_both_ends(case: Case, tmp_path: Path) -> None:
    change = "change: regime, place: BBB, from: 2030-08-15, to: 2030-09-14, entry: 0.25"
    rows = [r for r in patched(case, [plan(tmp_path, "r", change)]).regimes if r.place == "BBB"]
    assert [(r.start, r.end, r.entry, r.window_days) for r in rows] == [
        (date(2030, 1, 1), date(2030, 8, 14), 1.0, None),
        (date(2030, 8, 15), date(2030, 8, 31), 0.25, None),
        (date(2030, 9, 1), date(2030, 9, 14), 0.25, 180.0),
        (date(2030, 9, 15), date(2030, 12, 31), 1.0, 180.0),
    ]


def test_money_is_multiplied_from_its_day_on(case: Case, tmp_path: Path) -> None:
    change = "change: money, place: hosts, quantity: exchange, factor: 0.5, to: 2030-07-31"
    base = world_of(case)
    other = world_of(patched(case, [plan(tmp_path, "m", change)]))
    ratio = other.at["wage_ratio"] / base.at["wage_ratio"]
    mids, first, last = base.clock.mids, *map(base.clock.day, (date(2030, 6, 1), date(2030, 7, 31)))
    assert np.allclose(ratio[:, (mids >= first) & (mids <= last)], 2.0, rtol=1e-12)
    outside = (mids <= first - 1) | (mids >= last + 1)
    assert np.allclose(ratio[:, outside], 1.0, rtol=1e-12)


def test_a_value_between_two_dates_is_log_linear() -> None:
    known = [(date(2030, 1, 1), 100.0), (date(2030, 1, 11), 400.0)]
    assert value_on(known, date(2029, 1, 1)) == 100.0
    assert math.isclose(value_on(known, date(2030, 1, 6)), 200.0)
    assert value_on(known, date(2031, 1, 1)) == 400.0


def test_closure_amnesty_and_the_end_of_the_decree_reach_the_world(
    case: Case, tmp_path: Path
) -> None:
    rows = [
        f"change: signal, id: {kind}, kind: {kind}, place: AAA, strength: 0.5, half_life_days: 9, "
        "end_date: 2031-01-31"
        for kind in ("closure", "amnesty", "decree_end")
    ]
    world = world_of(patched(case, [plan(tmp_path, "k", *rows)]))
    before = np.asarray(world.clock.edges[1:]) <= world.clock.day(date(2030, 6, 1))
    after = np.asarray(world.clock.edges[:-1]) >= world.clock.day(date(2030, 6, 1))
    event = world.clock.day(date(2030, 3, 4))
    ordered = before & (np.asarray(world.clock.edges[:-1]) >= event)
    for name in ("closed", "amnesty"):
        assert np.all(world.now[name][before] == 0.0)
        assert np.allclose(world.now[name][after], 0.5)
    assert np.all(world.now["decree"][ordered] == 1.0)
    assert np.all(world.now["decree"][after] == 0.0)


def test_recognition_of_a_period_takes_the_place_of_the_host_s_own(
    case: Case, tmp_path: Path
) -> None:
    change = "change: regime, place: BBB, recognition: 1.0"
    base = world_of(case)
    other = world_of(patched(case, [plan(tmp_path, "d", change)]))
    late = np.asarray(base.clock.edges[:-1]) >= base.clock.day(date(2030, 6, 1))
    assert np.allclose(other.at["recognition"][0, late], 1.0)
    early = np.asarray(base.clock.edges[1:]) <= base.clock.day(date(2030, 6, 1))
    assert np.array_equal(other.at["recognition"][0, early], base.at["recognition"][0, early])
    assert np.array_equal(other.at["recognition"][1], base.at["recognition"][1])


def test_a_quota_ends_with_the_run(case: Case, tmp_path: Path) -> None:
    change = "change: call_up, from: 2030-12-22, to: 2031-01-10, persons: 2000"
    quota = patched(case, [plan(tmp_path, "q", change)]).spec.call_ups[-1]
    assert (quota.end, quota.persons) == (date(2030, 12, 31), 1000.0)


def test_a_case_goes_on_with_its_last_rules(case: Case) -> None:
    longer = extended(case, date(2031, 6, 30))
    base, world = world_of(case), world_of(longer)
    n = base.clock.n - 1
    assert world.clock.end == date(2031, 6, 30)
    assert world.clock.edges[: n + 1] == base.clock.edges[: n + 1]
    for name, column in base.at.items():
        assert np.array_equal(world.at[name][:, :n], column[:, :n])
        assert np.allclose(world.at[name][:, -1], column[:, -1])
    with pytest.raises(NostoiError) as refused:
        extended(case, case.spec.end)
    assert refused.value.findings[0].number == 611


def test_a_scenario_after_the_end_needs_a_longer_run(case: Case, tmp_path: Path) -> None:
    late = plan(tmp_path, "l", "change: regime, place: BBB, entry: 0.1", start="2031-02-01")
    with pytest.raises(NostoiError) as refused:
        patched(case, [late])
    assert refused.value.findings[0].number == 179
    longer = patched(extended(case, date(2031, 6, 30)), [late])
    assert longer.regimes[-2].entry == 0.1 or longer.regimes[-1].entry in (0.1, 0.5)
    assert {r.entry for r in longer.regimes if r.place == "BBB"} == {1.0, 0.1}


def test_names_and_files_are_found(case: Case, tmp_path: Path) -> None:
    one = plan(tmp_path, "one", "change: regime, place: BBB, entry: 0.4")
    path = str(tmp_path / "one.yaml")
    assert [p.name for p in chosen(f"known+{path}", {"known": one})] == ["one", "one"]
    with pytest.raises(NostoiError) as refused:
        chosen("knwon", {"known": one})
    assert refused.value.findings[0].number == 174
    assert "did you mean 'known'" in refused.value.findings[0].what
    with pytest.raises(NostoiError):
        plan_from_file(tmp_path / "missing.yaml")
