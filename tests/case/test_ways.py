"""Towns, legs and lives of a case: read, resolved, and no part of what a fit depends on."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from nostoi.case.check import check
from nostoi.case.load import changed, load
from nostoi.case.network import network_of

CORPUS = Path(__file__).parents[1] / "cases" / "valid"


def test_a_case_without_towns_has_no_network() -> None:
    case = load(CORPUS / "small")
    assert network_of(case) is None
    assert "towns" not in case.full and "legs" not in case.full
    assert case.lives == {}


def test_two_way_legs_become_two() -> None:
    roads = network_of(load(CORPUS / "towns"))
    assert roads is not None
    assert (roads.towns.n, roads.legs.n, roads.gates.n) == (6, 15, 4)
    assert roads.towns.weight.tolist() == [0.75, 0.0, 0.0, 0.0, 0.25, 0.0]
    assert roads.towns.names[0] == "capital" and roads.towns.names[4] == "province"


def test_capacity_of_a_gate_follows_its_open_legs() -> None:
    """The north closes after 30 April; the south takes cars from February; flights 150 a day."""
    roads = network_of(load(CORPUS / "towns"))
    assert roads is not None
    names = [roads.towns.names[town] for town in roads.gates.town]
    assert names == ["north-post", "south-post", "capital", "far-town"]
    days = [(date(2030, month, 15) - roads.start).days for month in (1, 3, 5)]
    found = [roads.gates.capacity(roads.legs, day).tolist() for day in days]
    assert found == [[400, 0, 150, 150], [400, 200, 150, 150], [0, 200, 150, 150]]


def test_a_fit_outlives_a_better_road(tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS / "towns", tmp_path / "towns")
    before = load(folder)
    legs = (folder / "legs.csv").read_text(encoding="utf-8")
    (folder / "legs.csv").write_text(legs.replace("train,1,2000", "train,1,1000"), encoding="utf-8")
    after = load(folder)
    assert after.full != before.full
    assert after.hash == before.hash


def test_the_order_of_rows_is_no_part_of_the_full_form(tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS / "towns", tmp_path / "towns")
    before = load(folder).full
    for name in ("towns.csv", "legs.csv"):
        head, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    assert load(folder).full == before


def test_a_scenario_can_close_a_leg() -> None:
    case = load(CORPUS / "towns")
    full = case.full | {"legs": [leg for leg in case.full["legs"] if leg["to"] != "far-town"]}
    other = changed(case, full)
    assert len(other.legs) == len(case.legs) - 2


def test_a_life_is_read_with_its_windows() -> None:
    life = load(CORPUS / "towns").lives["someone"]
    assert life.leaves is not None and life.leaves.start == date(2030, 3, 5)
    assert life.stay is not None and (life.stay.low, life.stay.high) == (30.0, 56.0)
    assert life.modes == ("train", "bus", "car") and life.in_order


def test_a_complaint_about_a_life_says_where(tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS / "towns", tmp_path / "towns")
    path = folder / "lives" / "someone.yaml"
    text = path.read_text(encoding="utf-8").replace("[train, bus, car]", "[train, ship]")
    path.write_text(text, encoding="utf-8")
    (finding,) = check(folder).findings
    assert (finding.number, finding.where) == (171, "lives/someone.yaml:7:modes.1")


def test_a_link_to_lives_elsewhere_is_not_followed(tmp_path: Path) -> None:
    folder = shutil.copytree(CORPUS / "towns", tmp_path / "towns")
    shutil.move(folder / "lives", tmp_path / "elsewhere")
    (folder / "lives").symlink_to(tmp_path / "elsewhere")
    assert load(folder).lives == {}
