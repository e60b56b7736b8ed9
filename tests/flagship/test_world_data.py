"""The world files of the flagship case: shapes, coverage of the clock, and honesty of sources.

Only csv and yaml are used, so these tests judge the data and not the reader of the data.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

CASE = Path(__file__).resolve().parents[2] / "cases" / "russia-2022"
START, END = date(2022, 1, 1), date(2023, 12, 31)
HOSTS = tuple("KAZ GEO ARM KGZ UZB MNG TUR SRB MNE ISR ARE FIN ROW".split())
PLACES = ("RUS", *HOSTS)
DAYS = tuple(START + timedelta(days=n) for n in range((END - START).days + 1))
HEADERS = {
    "places.csv": "place,name,kind,latitude,longitude,language,recognition,freedom,diaspora,"
    "attraction,source",
    "routes.csv": "from,to,mode,days,cost,unit,open_from,open_to,capacity,papers_days,"
    "both_ways,source",
    "regimes.csv": "place,from,to,entry,stay_days,window_days,visa_run,permit_ease,source",
    "money.csv": "place,date,quantity,value,unit,source",
    "signals.csv": "id,date,end_date,kind,place,strength,half_life_days,source_url,"
    "description,reason",
}
KINDS = set(
    "war mobilisation decree_status rumour e_summons exit_ban repression enforcement_law "
    "recruitment_drive border_policy_host visa_policy economy other".split()
)
CALMING = {"decree_status", "rumour", "enforcement_law"}


def rows(name: str) -> list[dict[str, str]]:
    """All rows of one file of the case as text."""
    with (CASE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def mapping(name: str) -> dict[str, Any]:
    """The content of one YAML file of the case."""
    content = yaml.safe_load((CASE / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def day(text: str, empty: date) -> date:
    """An ISO date, or the given one where the cell is empty."""
    return date.fromisoformat(text) if text else empty


def regimes(place: str) -> list[tuple[date, date, float]]:
    """Periods of one host in order of time, each with its entry share."""
    found = [
        (date.fromisoformat(r["from"]), date.fromisoformat(r["to"]), float(r["entry"]))
        for r in rows("regimes.csv")
        if r["place"] == place
    ]
    return sorted(found)


@pytest.mark.parametrize("name", HEADERS)
def test_header_and_full_rows(name: str) -> None:
    with (CASE / name).open(encoding="utf-8", newline="") as handle:
        table = list(csv.reader(handle))
    assert ",".join(table[0]) == HEADERS[name]
    assert all(len(row) == len(table[0]) for row in table)
    assert all(cell == cell.strip() for row in table for cell in row)


@pytest.mark.parametrize("name", ["places.csv", "routes.csv", "regimes.csv", "money.csv"])
def test_every_row_has_a_source(name: str) -> None:
    assert all(len(row["source"]) > 8 for row in rows(name))


def test_case_states_what_the_contract_asks() -> None:
    case = mapping("case.yaml")
    assert case["nostoi"] == 1
    assert case["name"] == CASE.name
    assert (case["start"], case["end"], case["event"]) == (START, END, date(2022, 9, 21))
    window = case["clock"]["daily"]
    assert window == [
        {"from": date(2022, 2, 24), "to": date(2022, 3, 4)},
        {"from": date(2022, 9, 19), "to": date(2022, 10, 16)},
    ]
    assert window[1]["from"].weekday() == 0
    assert case["disclosure"]["threshold"] >= 10


def test_places_are_the_agreed_ones_with_shares_in_range() -> None:
    table = rows("places.csv")
    assert tuple(r["place"] for r in table) == PLACES
    assert [r["place"] for r in table if r["kind"] == "origin"] == ["RUS"]
    for row in table:
        assert abs(float(row["latitude"])) <= 90 and abs(float(row["longitude"])) <= 180
        for column in ("language", "recognition", "freedom"):
            assert 0.0 <= float(row[column]) <= 1.0
        assert int(row["diaspora"]) >= 0


def test_routes_join_known_places_with_positive_cost() -> None:
    for row in rows("routes.csv"):
        assert row["from"] in PLACES and row["to"] in PLACES and row["from"] != row["to"]
        assert row["mode"] in {"plane", "train", "bus", "car", "foot", "ship"}
        assert float(row["days"]) > 0 and float(row["cost"]) > 0 and row["unit"] == "RUB"
        assert not row["capacity"] or float(row["capacity"]) > 0
        assert 0 <= float(row["papers_days"] or 0) < float(row["days"])
        assert row["both_ways"] in {"yes", "no"}
        assert day(row["open_from"], START) <= day(row["open_to"], END)


@pytest.mark.parametrize("host", HOSTS)
def test_regimes_cover_the_clock_without_gap_or_overlap(host: str) -> None:
    periods = regimes(host)
    assert periods[0][0] == START and periods[-1][1] == END
    for (_, before, _), (after, _, _) in pairwise(periods):
        assert after == before + timedelta(days=1)


def test_regimes_have_shares_and_whole_days() -> None:
    for row in rows("regimes.csv"):
        assert row["place"] in HOSTS and row["visa_run"] in {"yes", "no"}
        assert 0.0 <= float(row["entry"]) <= 1.0
        assert 0.0 <= float(row["permit_ease"]) <= 1.0
        stay = int(row["stay_days"] or 0)
        assert not row["window_days"] or 0 < stay <= int(row["window_days"])
        assert not (row["visa_run"] == "yes" and row["window_days"])


def open_days(here: str, there: str) -> set[date]:
    """The days on which at least one way leads from one place to the other."""
    found: set[date] = set()
    for row in rows("routes.csv"):
        forward = (row["from"], row["to"]) == (here, there)
        back = (row["to"], row["from"]) == (here, there) and row["both_ways"] == "yes"
        if forward or back:
            first, last = day(row["open_from"], START), day(row["open_to"], END)
            found.update(d for d in DAYS if first <= d <= last)
    return found


@pytest.mark.parametrize("host", HOSTS)
def test_a_way_leads_there_whenever_entry_is_possible(host: str) -> None:
    wanted = {
        d
        for first, last, entry in regimes(host)
        if entry >= 0.05
        for d in DAYS
        if first <= d <= last
    }
    assert not wanted - open_days("RUS", host)


@pytest.mark.parametrize("host", HOSTS)
def test_the_way_home_is_never_cut(host: str) -> None:
    assert open_days(host, "RUS") == set(DAYS)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("quantity", ["wage", "living", "exchange"])
def test_money_stands_at_start_and_end(place: str, quantity: str) -> None:
    mine = [r for r in rows("money.csv") if (r["place"], r["quantity"]) == (place, quantity)]
    dates = [r["date"] for r in mine]
    assert dates == sorted(set(dates))
    assert dates[0] == START.isoformat() and dates[-1] == END.isoformat()
    assert all(float(r["value"]) > 0 for r in mine)
    suffix = "/RUB" if quantity == "exchange" else "/month"
    assert len({r["unit"] for r in mine}) == 1 and mine[0]["unit"].endswith(suffix)


def rate(place: str, on: str) -> float:
    """Local units for one rouble at a date."""
    past = [
        float(r["value"])
        for r in rows("money.csv")
        if (r["place"], r["quantity"]) == (place, "exchange") and r["date"] <= on
    ]
    return past[-1]


@pytest.mark.parametrize("place", ["KAZ", "GEO", "ARM", "FIN", "ROW"])
def test_the_rouble_lost_a_third_to_a_half(place: str) -> None:
    left = rate(place, "2023-08-31") / rate(place, "2022-07-21")
    assert 0.45 < left < 0.7


def test_means_give_no_fourfold_wage_gap_in_kazakhstan() -> None:
    def wage(place: str) -> float:
        mine = [r for r in rows("money.csv") if (r["place"], r["quantity"]) == (place, "wage")]
        return [float(r["value"]) for r in mine if r["date"] <= "2023-04-30"][-1]

    gap = wage("RUS") / (wage("KAZ") / rate("KAZ", "2023-04-30"))
    assert 0.8 < gap < 2.5


def test_all_events_are_signals_in_order() -> None:
    table = rows("signals.csv")
    assert [r["id"] for r in table] == [f"EV-{n:03d}" for n in range(1, 92)]
    assert [r["date"] for r in table] == sorted(r["date"] for r in table)
    for row in table:
        assert row["kind"] in KINDS and row["source_url"].startswith("http")
        assert START <= date.fromisoformat(row["date"]) <= END
        assert not row["end_date"] or row["end_date"] >= row["date"]
        assert -1.0 <= float(row["strength"]) <= 1.0 and float(row["half_life_days"]) > 0


def test_a_signal_is_silent_exactly_when_a_reason_is_given() -> None:
    for row in rows("signals.csv"):
        assert (float(row["strength"]) == 0.0) == bool(row["reason"])
        assert float(row["strength"]) >= 0 or row["kind"] in CALMING


def test_the_strongest_of_each_sounding_kind_is_one() -> None:
    strongest: dict[str, float] = {}
    for row in rows("signals.csv"):
        size = abs(float(row["strength"]))
        strongest[row["kind"]] = max(size, strongest.get(row["kind"], 0.0))
    silent = {kind for kind, size in strongest.items() if size == 0.0}
    assert silent == {"border_policy_host", "visa_policy", "economy", "other"}
    assert {size for kind, size in strongest.items() if kind not in silent} == {1.0}


def test_people_have_shares_and_add_up_below_the_population() -> None:
    groups = mapping("people.yaml")["groups"]
    exposed = groups["exposed_means"]["persons"] + groups["exposed_poor"]["persons"]
    assert exposed == 25_000_000
    assert sum(g["persons"] for g in groups.values()) < 147_000_000
    for group in groups.values():
        for name in ("exposure", "kin", "activism", "remote", "family"):
            assert 0.0 <= group[name] <= 1.0
        assert float(group["savings"]["median"].removesuffix(" months")) > 0
        assert group["savings"]["sigma"] > 0 and group["label"] and group["source"]


@pytest.mark.parametrize("name", ["routes.csv", "regimes.csv"])
def test_event_numbers_in_sources_exist(name: str) -> None:
    known = {r["id"]: r["source_url"] for r in rows("signals.csv")}
    for row in rows(name):
        named = re.findall(r"EV-[0-9]{3}", row["source"])
        assert set(named) <= set(known)
        assert not named or not row["source"].startswith("EV") or known[named[0]] in row["source"]


def test_limits_name_the_rules_and_the_ethics() -> None:
    text = (CASE / "limits.md").read_text(encoding="utf-8")
    for words in ("Crossings are not persons", "prior-driven", "No individual", "rule"):
        assert words in text
    assert mapping("params.yaml") is not None
