"""The full form: defaults written out, two-way routes split, one hash for one meaning."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path

import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.complaints import Complaints
from nostoi.case.gather import gather
from nostoi.case.load import changed, load
from nostoi.case.resolve import resolve
from nostoi.case.schema import CaseFile, ClockSpec, RuleChoice

CORPUS = Path(__file__).parents[1] / "cases" / "valid"


def test_defaults_are_written_out() -> None:
    full = load(CORPUS / "minimal").full
    assert full["case"]["clock"] == {"step": "7 days", "daily": []}
    assert full["case"]["phases"] == {"weekly": 4, "block": "28 days", "blocks": 13}
    assert full["case"]["knots"] == "28 days"
    assert full["case"]["rules"] == {"only": None, "except": []}
    assert full["case"]["disclosure"] == {"threshold": 10, "round_to": 5}
    assert (full["case"]["bands"], full["case"]["seed"]) == (5, 1)
    assert full["regimes"][0]["from"] == "2030-01-01"
    assert full["regimes"][0]["to"] == "2030-06-30"
    assert full["people"]["groups"]["everyone"]["label"] == "everyone"


def test_values_are_plain_floats_and_dates() -> None:
    case = load(CORPUS / "small")
    assert case.spec.clock.step == 7.0
    assert case.spec.event == dt.date(2030, 3, 4)
    assert case.groups["called"].savings.median == 3.0
    assert case.regimes[2].start == dt.date(2030, 1, 1)
    assert case.regimes[0].window_days is None
    assert case.routes[0].capacity == 4000.0
    assert case.params["arrive_base"].fixed
    permits = case.evidence.observers["permits-b"]
    assert permits.family == "register"
    assert (permits.after, permits.validity) == (20.0, 365.0)


def test_two_way_routes_are_split() -> None:
    routes = load(CORPUS / "small").routes
    ways = [(route.origin, route.to) for route in routes]
    assert ways == [("AAA", "BBB"), ("BBB", "AAA"), ("AAA", "CCC"), ("CCC", "AAA"), ("BBB", "CCC")]
    assert not any(route.both_ways for route in routes)


def test_the_origin_comes_first() -> None:
    case = load(CORPUS / "provinces")
    assert [place.place for place in case.places] == ["VAL", "COAST", "HILLS"]
    assert case.origin.place == "VAL"
    assert [place.place for place in case.hosts] == ["COAST", "HILLS"]


def test_ledger_rows_are_written_out() -> None:
    case = load(CORPUS / "small")
    rows = {row.id: row for row in case.evidence.rows}
    assert rows["O13"].value == 45000.0
    assert rows["O8"].period_start == rows["O8"].period_end == dt.date(2030, 6, 30)
    assert rows["O1"].rule == "any"
    assert rows["O14"].reason == "repeats O1"
    account = case.evidence.account()
    assert account.rows == 16 == account.used + sum(account.unused.values())
    assert sum(account.by_observer.values()) == account.used
    assert [row.id for row in case.evidence.used_by("permits-b")] == ["O8", "O9"]


def test_the_hash_sees_meaning_only(small: Path) -> None:
    before = load(small).hash
    path = small / "case.yaml"
    text = path.read_text(encoding="utf-8")
    clock = "clock: {step: 7 days, daily: [{from: 2030-03-01, to: 2030-03-31}]}\n"
    moved = "clock:\n  daily:\n  - to: 2030-03-31\n    from: 2030-03-01\n  step: 1 week\n"
    assert clock in text
    path.write_text("# a comment\n" + moved + "\n" + text.replace(clock, ""), encoding="utf-8")
    assert load(small).hash == before
    path.write_text(path.read_text(encoding="utf-8").replace("seed: 7", "seed: 8"), "utf-8")
    assert load(small).hash != before


def test_the_full_form_written_to_disk_is_the_same_case(small: Path) -> None:
    case = load(small)
    for name, key in (("case.yaml", "case"), ("people.yaml", "people"), ("params.yaml", "params")):
        (small / name).write_text(json.dumps(case.full[key]), encoding="utf-8")
    observers = json.dumps(case.full["observers"])
    (small / "evidence" / "observers.yaml").write_text(observers, encoding="utf-8")
    assert load(small).hash == case.hash


def test_resolve_refuses_with_numbers() -> None:
    short = gather(CORPUS / "minimal", Complaints()).short
    with pytest.raises(NostoiError, match="N101"):
        resolve(short | {"case": short["case"] | {"sede": 1}})


def test_python_may_use_plain_numbers_and_attribute_names() -> None:
    assert ClockSpec(step=7).step == 7.0
    spec = CaseFile.model_validate(
        {
            "nostoi": 1,
            "name": "x",
            "title": "t",
            "question": "q",
            "origin": "A",
            "start": dt.date(2030, 1, 1),
            "end": dt.date(2030, 2, 1),
            "event": "2030-01-02",
        }
    )
    assert spec.rules.chosen(["a", "b"]) == ("a", "b")


def test_rules_can_be_chosen() -> None:
    assert RuleChoice(only=("b",)).chosen(["a", "b"]) == ("b",)
    assert RuleChoice(leave_out=("b",)).chosen(["a", "b"]) == ("a",)


def test_a_changed_full_form_is_checked_like_a_folder() -> None:
    case = load(CORPUS / "small")
    assert changed(case, case.full).hash == case.hash
    later = copy.deepcopy(case.full)
    later["signals"][0]["strength"] = 0.9
    assert changed(case, later).signals[0].strength == 0.9
    assert case.signals[0].strength == 1.0
    later["routes"][0]["to"] = "BBX"
    with pytest.raises(NostoiError, match="N120"):
        changed(case, later)
