"""The evidence of the flagship case: every row is decided, and every used row fits its observer.

Only csv and yaml are used, so these tests judge the data and not the reader of the data.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = ROOT / "cases" / "russia-2022" / "evidence"
START, END = date(2022, 1, 1), date(2023, 12, 31)
PLACES = {"RUS", *"KAZ GEO ARM KGZ UZB MNG TUR SRB MNE ISR ARE FIN ROW".split()}
TOLD_BEFORE_THE_END = {"RU22-0439", "RU22-0615"}
HEADER = (
    "id,count_type,measure,place,group,rule,period_start,period_end,value,low,high,bound,"
    "rounding,unit,per,publisher,published,confidence,repeats,observer,reason,population,"
    "definition,source_title,source_url"
)
MEASURES = {
    "crossing": {"in", "out", "net", "both"},
    "flow": {"arrivals", "departures", "net"},
    "stock": {"present", "change", "all"},
    "register": {"issued", "valid"},
    "survey_share": {"returned", "returned_or_visited", "moved_country", "left_host"},
    "belief_poll": {"fear", "anxiety", "expect_wave", "search"},
    "claim": {"left", "abroad", "returned", "returned_share"},
    "context": {""},
}
TAKES = {
    "crossing": "crossing",
    "trips": "crossing",
    "flow": "flow",
    "stock": "stock",
    "register": "register",
    "survey": "survey_share",
    "poll": "belief_poll",
    "claim": "claim",
}
ONE_WORLD_PLACE = {
    "EU": "FIN",
    "DEU": "FIN",
    "ESP": "FIN",
    "FRA": "FIN",
    "HRV": "FIN",
    "POL": "FIN",
    "ALL": "ROW",
}


def _rows(name: str) -> list[dict[str, str]]:
    with (EVIDENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LEDGER = _rows("observations.csv")
USED = [row for row in LEDGER if row["observer"]]
BY_ID = {row["id"]: row for row in LEDGER}
OBSERVERS: dict[str, dict[str, Any]] = yaml.safe_load(
    (EVIDENCE / "observers.yaml").read_text(encoding="utf-8")
)


def _published() -> list[dict[str, str]]:
    """The published rows: from NOSTOI_SHARED, or from a folder `shared` beside the repository."""
    shared = Path(os.environ.get("NOSTOI_SHARED", ROOT.parent / "shared"))
    path = shared / "russia-2022" / "observations.csv"
    if not path.exists():
        pytest.skip("the published rows are not on this machine")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_header_and_size() -> None:
    first = (EVIDENCE / "observations.csv").read_text(encoding="utf-8").splitlines()[0]
    assert first == HEADER
    assert len(LEDGER) == len(BY_ID) == 625


def test_ids_are_those_published() -> None:
    assert set(BY_ID) == {row["id"] for row in _published()}


def test_figures_are_those_published() -> None:
    for old in _published():
        new = BY_ID[old["id"]]
        told = {float(old[key]) for key in ("value", "value_low", "value_high") if old[key]}
        kept = {float(new[key]) for key in ("value", "low", "high") if new[key]}
        assert kept, new["id"]
        assert kept <= told, new["id"]
        assert new["place"] == old["place"], new["id"]
        if new["id"] not in TOLD_BEFORE_THE_END:
            assert new["period_end"] == old["period_end"], new["id"]
        assert new["source_url"] == old["source_url"], new["id"]


def test_only_changes_of_stock_move_the_start() -> None:
    moved = {o["id"] for o in _published() if BY_ID[o["id"]]["period_start"] != o["period_start"]}
    assert {BY_ID[i]["measure"] for i in moved} <= {"change"}


def test_every_row_is_used_or_has_a_reason() -> None:
    for row in LEDGER:
        assert bool(row["observer"]) != bool(row["reason"].strip()), row["id"]
    assert len(USED) >= 200


def test_vocabulary() -> None:
    for row in LEDGER:
        assert row["measure"] in MEASURES[row["count_type"]], row["id"]
        assert row["confidence"] in set("ABCD"), row["id"]
        assert row["per"] in {"", "day", "week", "month"}, row["id"]
        assert row["rule"] in {"", "any", "3m", "6m", "12m"}, row["id"]
        assert row["group"] in {"", "exposed"}, row["id"]
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", row["published"]), row["id"]
        assert row["unit"], row["id"]
        assert row["population"], row["id"]
        assert row["definition"], row["id"]


def test_bounds() -> None:
    for row in LEDGER:
        if row["bound"] == "range":
            assert not row["value"], row["id"]
            assert float(row["low"]) < float(row["high"]), row["id"]
        else:
            assert row["bound"] in {"point", "at_least", "at_most", "about"}, row["id"]
            assert row["value"], row["id"]
            assert not row["low"], row["id"]
            assert not row["high"], row["id"]
        assert float(row["rounding"]) >= 0, row["id"]


def test_periods() -> None:
    for row in LEDGER:
        first, last = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        assert first <= last, row["id"]
        assert row["published"] >= row["period_end"][: len(row["published"])], row["id"]
        if row["observer"]:
            assert START <= first, row["id"]
            assert last <= END, row["id"]


def test_observers_are_named_and_used() -> None:
    assert {row["observer"] for row in USED} == set(OBSERVERS)


def test_family_fits_count_type() -> None:
    for row in USED:
        family = OBSERVERS[row["observer"]]["family"]
        assert TAKES[family] == row["count_type"], row["id"]
        assert row["confidence"] != "D", row["id"]


def test_settings_of_observers() -> None:
    for name, settings in OBSERVERS.items():
        assert settings["source"], name
        if settings["family"] in {"survey", "poll", "claim"}:
            continue
        assert settings["place"] in PLACES, name
        if settings["family"] == "trips":
            border = OBSERVERS[settings["crossing"]]
            assert border["family"] == "crossing", name
            assert border["place"] == settings["place"], name


def test_place_of_rows_and_observers() -> None:
    for row in USED:
        world = OBSERVERS[row["observer"]].get("place")
        if world is not None:
            expected = row["place"] if row["place"] in PLACES else None
            expected = ONE_WORLD_PLACE.get(row["place"], expected or "ROW")
            assert world == expected, row["id"]


def test_claims_and_rules_agree_with_observers() -> None:
    for row in USED:
        settings = OBSERVERS[row["observer"]]
        if settings["family"] == "claim":
            assert settings["quantity"] == row["measure"], row["id"]
        if settings["family"] in {"claim", "flow", "stock", "survey"}:
            assert settings["rule"] == row["rule"], row["id"]


def test_repeats_are_not_used_and_do_not_chain() -> None:
    for row in LEDGER:
        if row["repeats"]:
            assert not row["observer"], row["id"]
            assert row["repeats"] != row["id"]
            assert not BY_ID[row["repeats"]]["repeats"], row["id"]


def test_reasons_name_rows_that_exist() -> None:
    for row in LEDGER:
        for name in re.findall(r"RU22-\d{4}", row["reason"] + row["definition"]):
            assert name in BY_ID, row["id"]
    for name, settings in OBSERVERS.items():
        for found in re.findall(r"RU22-\d{4}", settings["source"]):
            assert found in BY_ID, name


def test_no_figure_is_used_twice() -> None:
    keys = ("observer", "measure", "group", "period_start", "period_end", "value", "low", "per")
    twice = Counter(tuple(row[key] for key in keys) for row in USED)
    assert max(twice.values()) == 1


def test_publishers() -> None:
    cards = _rows("sources.csv")
    known = [card["publisher"] for card in cards]
    assert len(known) == len(set(known))
    assert set(known) == {row["publisher"] for row in LEDGER}
    kinds = {"office", "official_statement", "survey", "press", "estimate", "pollster", "ngo"}
    for card in cards:
        assert card["kind"] in kinds, card
        assert card["side"] in {"origin", "host", "third"}, card
        assert card["name"], card
        assert card["licence"], card
    attribution = next(card for card in cards if card["publisher"] == "unhcr")
    assert "CC BY 4.0" in attribution["licence"]
