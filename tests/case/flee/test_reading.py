"""Flee's quirks: what is read, what stops, what is mended, and where each is said to stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nostoi.base.errors import Finding, catalogue
from nostoi.case.flee.read import read_flee

Edit = tuple[str, str, str]
L, R, C = "input_csv/locations.csv", "input_csv/routes.csv", "input_csv/closures.csv"
K, P = "input_csv/conflicts.csv", "input_csv/sim_period.csv"
G = "input_csv/registration_corrections.csv"
D, S = "source_data/data_layout.csv", "source_data/one.csv"
T = "source_data/refugees.csv"

STOPS: dict[str, tuple[int, str, int | None, Edit]] = {
    "type": (181, L, 4, (L, "town,,", "hamlet,,")),
    "separator": (111, L, 2, (L, "0,50000", '0,"50,000"')),
    "part-of-a-person": (110, L, 2, (L, "0,50000", "0,50000.5")),
    "no-onset": (106, L, 2, (L, "conflict_zone,0,", "conflict_zone,,")),
    "short-row": (140, L, 4, (L, "town,,\n", "town,\n")),
    "name-twice": (126, L, 5, (L, "Mark,South", "Cross,South")),
    "swapped-degrees": (117, L, 2, (L, "10.5,20.5", "110.5,20.5")),
    "no-country": (106, L, 2, (L, "North,Home_Land,10.5", "North,,10.5")),
    "negative-people": (411, L, 2, (L, "0,50000", "0,-5")),
    "unknown-road": (160, R, 2, (R, "Alta,Béla", "Alta,Bela")),
    "negative-road": (182, R, 2, (R, "Béla,80", "Béla,-500")),
    "no-road": (182, R, 2, (R, "Béla,80", "Béla,0")),
    "words-for-km": (110, R, 2, (R, "Béla,80", "Béla,far")),
    "road-to-itself": (161, R, 2, (R, "Alta,Béla", "Alta,Alta")),
    "road-twice": (126, R, 8, (R, "Camp_Home,60,0,\n", "Camp_Home,60,0,\nBéla,Alta,80,0,\n")),
    "two-lengths": (190, R, 8, (R, "Camp_Home,60,0,\n", "Camp_Home,60,0,\nBéla,Alta,90,0,\n")),
    "flag": (107, R, 2, (R, "80,0,", "80,3,")),
    "closure-kind": (183, C, 2, (C, "country,", "nation,")),
    "closure-country": (120, C, 2, (C, "Home_Land,Abroad", "Home_Land,Elsewhere")),
    "closure-name": (160, C, 3, (C, "camp,Camp_Two", "camp,Camp_Tow")),
    "closure-backwards": (118, C, 2, (C, "3,7", "7,3")),
    "closure-blank-end": (106, C, 2, (C, "3,7", "3,")),
    "seal": (184, C, 5, (C, "8,-1\n", "8,-1\nlocation,Alta,,2,9\n")),
    "few-days": (185, K, 12, (K, "11,0,1\n", "")),
    "days-out-of-order": (186, K, 3, (K, "\n1,", "\n2,")),
    "quiet-day": (187, K, 6, (K, "4,1,0", "4,0,0")),
    "unknown-conflict": (160, K, 1, (K, "Alta,Béla", "Alta,Bella")),
    "percent-conflict": (115, K, 6, (K, "4,1,0", "4,50,0")),
    "correction-elsewhere": (160, G, 1, (G, "Camp_One", "Camp_Won")),
    "correction-without-count": (188, G, 1, (G, "01-09", "01-08")),
    "day-first": (113, P, 1, (P, "2030-01-01", "01/01/2030")),
    "no-length": (102, P, 1, (P, "Length,12\n", "")),
    "unknown-period": (101, P, 2, (P, "Length", "Lenght")),
    "no-total": (189, D, 1, (D, "total,refugees.csv\n", "")),
    "camp-without-series": (189, D, 3, (D, "Camp_Two,two.csv\n", "")),
    "series-without-camp": (160, D, 3, (D, "Camp_Two,", "Camp_Tow,")),
    "series-not-there": (103, "source_data/tow.csv", None, (D, "two.csv", "tow.csv")),
    "path-out": (152, D, None, (D, "two.csv", "../two.csv")),
    "count-with-separator": (111, S, 2, (S, "05,400", '05,"4,000"')),
    "date-form": (113, S, 2, (S, "2030-01-05", "5 Jan 2030")),
    "negative-count": (411, S, 2, (S, "05,400", "05,-400")),
}  # fmt: skip

ONE_READING: dict[str, tuple[int, str, int | None, Edit]] = {
    "byte-order-mark": (144, L, 1, (L, "#name", "\ufeff#name")),
    "header-without-mark": (191, L, 1, (L, "#name", "name")),
    "space": (192, L, 4, (L, "Cross,South", " Cross,South")),
    "space-after-a-country": (192, L, 4, (L, "Home_Land,10.1", "Home_Land ,10.1")),
    "space-in-a-road": (192, R, 3, (R, "Béla,Cross", "Béla, Cross")),
    "space-in-the-layout": (192, D, 3, (D, "Camp_Two,", "Camp_Two ,")),
    "out-of-order": (193, S, 3, (S, "05,400\n2030-01-09,300", "09,300\n2030-01-05,400")),
    "no-way-out": (199, C, 1, (C, "8,-1\n", "8,-1\nlocation,Cross,,3,5\n")),
}

SAID: dict[str, tuple[int, str, int | None, Edit]] = {
    "date-twice": (128, S, 3, (S, "05,400\n", "05,400\n2030-01-05,500\n")),
    "idle-total": (195, T, 3, (T, "2030-01-12,3000\n", "2030-01-12,3000\n2030-01-05,9\n")),
    "space-in-a-region": (129, L, 4, (L, "Cross,South", "Cross,South ")),
    "space-in-a-head": (129, K, 1, (K, "Alta,Béla", "Alta, Béla")),
    "redirection": (194, R, 4, (R, "Alta,Béla,80", "Alta,Béla,80")),
    "removal": (194, C, 5, (C, "8,-1\n", "8,-1\nremove_forced_redirection,Alta,Béla,3,0\n")),
    "name2": (195, C, 4, (C, "Camp_Home,,", "Camp_Home,Alta,")),
    "link": (195, C, 5, (C, "8,-1\n", "8,-1\nlink,Cross,Mark,3,5\n")),
    "comma-at-the-end": (195, K, 1, (K, "Alta,Béla\n", "Alta,Béla,\n")),
    "empty-count": (195, S, 2, (S, "05,400", "05,")),
    "more-columns": (195, S, 1, (S, "05,400", "05,400,7")),
    "acting-column": (196, L, 1, (L, ",population\n", ",population,hdi\n")),
    "late-closure": (197, C, 4, (C, "8,-1", "80,-1")),
    "early-correction": (197, G, 1, (G, "2030-01-09", "2029-01-09")),
    "stronger": (198, K, 1, (K, "3,1,0", "3,0.5,0")),
}  # fmt: skip


def findings(folder: Path, edit: Edit, mend: bool = False) -> tuple[bool, tuple[Finding, ...]]:
    """Whether the folder is refused after an edit, and what is said."""
    file, old, new = edit
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    found, said = read_flee(folder, mend)
    return found is None, said


@pytest.mark.parametrize("name", STOPS)
def test_what_is_unclear_stops(flee: Path, name: str) -> None:
    number, file, row, edit = STOPS[name]
    refused, said = findings(flee, edit)
    assert refused
    errors = [f for f in said if f.severity == "error"]
    assert number in {f.number for f in errors}, said
    assert {(f.file, f.row) for f in errors if f.number == number} >= {(file, row)}, said
    assert all(f.do for f in said)


@pytest.mark.parametrize("name", ONE_READING)
def test_what_has_one_reading_stops_until_mending_is_asked_for(flee: Path, name: str) -> None:
    number, file, row, edit = ONE_READING[name]
    refused, said = findings(flee, edit)
    assert refused
    assert [(f.number, f.file, f.row) for f in said if f.severity == "error"] == [
        (number, file, row)
    ]
    found, said = read_flee(flee, mend=True)
    assert found is not None
    assert (number, file, row) in {(f.number, f.file, f.row) for f in said}
    assert all(f.severity == "warning" for f in said)


def test_mending_leaves_what_was_meant(flee: Path) -> None:
    meant, _ = read_flee(flee)
    for number, file, _, edit in ONE_READING.values():
        if number in (144, 191, 192, 193):
            text = (flee / file).read_text(encoding="utf-8")
            (flee / file).write_text(text.replace(*edit[1:], 1), encoding="utf-8")
    assert read_flee(flee)[0] is None
    assert read_flee(flee, mend=True)[0] == meant


def test_dates_out_of_order_in_a_total_that_is_read_stop(flee: Path) -> None:
    (flee / "simsetting.yml").write_text("spawn_rules:\n  sum_from_camps: false\n")
    refused, said = findings(flee, SAID["idle-total"][3])
    assert refused
    assert {(193, T, 3)} == {(f.number, f.file, f.row) for f in said if f.severity == "error"}


@pytest.mark.parametrize("name", SAID)
def test_what_moves_nobody_is_said(flee: Path, name: str) -> None:
    number, file, row, edit = SAID[name]
    refused, said = findings(flee, edit)
    assert not refused, said
    assert (number, file, row) in {(f.number, f.file, f.row) for f in said}
    assert all(f.severity == "warning" for f in said)


def test_every_number_of_flee_folders_is_uttered() -> None:
    spoken = {number for number, *_ in [*STOPS.values(), *ONE_READING.values(), *SAID.values()]}
    spoken |= {180}
    assert {n for n in catalogue() if 180 <= n < 200} <= spoken


def test_no_folder_of_flee(tmp_path: Path) -> None:
    found, said = read_flee(tmp_path)
    assert found is None
    assert [f.number for f in said] == [180, 180]


def test_everything_wrong_is_said_at_once(flee: Path) -> None:
    findings(flee, STOPS["negative-road"][3])
    findings(flee, STOPS["type"][3])
    refused, said = findings(flee, STOPS["count-with-separator"][3])
    assert refused
    assert {111, 181, 182} <= {f.number for f in said}


def test_what_a_folder_says(flee: Path) -> None:
    found, said = read_flee(flee)
    assert found is not None
    assert [f.number for f in said] == [194]
    assert (found.start, found.length, found.home) == (dt.date(2030, 1, 1), 12, "Home_Land")
    assert [p.kind for p in found.locations] == [
        "conflict", "conflict", "town", "marker", "camp", "camp", "idp_camp",
    ]  # fmt: skip
    assert dict(found.conflicts) == {"Alta": ((0, 9, 1.0),), "Béla": ((5, 12, 1.0),)}
    assert found.links[0].more == (("link_type", "drive"),)
    assert found.links[2].redirection == 2
    assert found.closures[2].reopens == -1
    assert found.series["Camp_One"].files == ("one.csv", "more.csv")
    assert found.corrections == (("Camp_One", dt.date(2030, 1, 9)),)


def test_settings_with_unknown_words_and_text_for_truth(flee: Path) -> None:
    text = (
        "move_rules:\n  max_move_speed: 200\n  awarenes_level: 3\n  avoid_short_stints: 'False'\n"
        "  start_on_foot: true\nspawn_rules:\n  conflict_spawn_decay: [1, 0.5]\n"
    )
    (flee / "simsetting.yml").write_text(text)
    found, said = read_flee(flee)
    assert found is None
    numbers = {f.number: f for f in said}
    assert {101, 110, 196} <= set(numbers)
    assert "awareness_level" in numbers[101].what
    assert (numbers[101].row, numbers[110].row) == (3, 4)
    kept = "move_rules:\n  max_move_speed: 200\nspawn_rules:\n  conflict_spawn_decay: [1, 0.5]\n"
    (flee / "simsetting.yml").write_text(kept)
    found, _ = read_flee(flee)
    assert found is not None
    assert dict(found.settings) == {"hop_speed": 200.0, "decay_1": 1.0, "decay_2": 0.5}
