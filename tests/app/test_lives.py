"""The command lives: synthetic said first, files whole or not at all, bad input numbered."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nostoi.app.cli import build

CASE = Path(__file__).parents[1] / "cases" / "valid" / "small"
SHELL = build()
DOCUMENTED = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text("utf-8")
GOES = """title: Somebody who goes and comes back
told_by: nobody
age: {from: 30, to: 39}
leaves: {from: 2030-03-05, to: 2030-03-20}
host: BBB
stay: {from: 20 days, to: 8 weeks}
"""


def nostoi(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(SHELL, list(words))
    return result.exit_code, result.stdout, result.stderr


def lives(*words: str) -> tuple[int, str, str]:
    """The command on the towns of the corpus."""
    return nostoi("lives", str(CASE), "--people", "300000", "--seed", "4", *words)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Text and files of a search for a life that lies outside the case."""
    folder = tmp_path_factory.mktemp("lives")
    (folder / "goes.yaml").write_text(GOES, encoding="utf-8")
    code, out, err = lives("--like", str(folder / "goes.yaml"), "-o", str(folder / "out"))
    assert code == 0, err
    return out, folder / "out"


@pytest.fixture(scope="module")
def data(written: tuple[str, Path]) -> dict[str, Any]:
    """What was written for machines."""
    found: dict[str, Any] = json.loads((written[1] / "lives.json").read_text("utf-8"))
    return found


def test_every_output_says_first_that_these_persons_do_not_exist(
    written: tuple[str, Path], data: dict[str, Any]
) -> None:
    out, folder = written
    assert sorted(p.name for p in folder.iterdir()) == ["lives.json", "lives.md"]
    page = (folder / "lives.md").read_text("utf-8")
    for text in (out, page):
        head = text.split("What these numbers cannot tell")[0]
        assert "synthetic persons. They exist nowhere" in head
        assert text.index("cannot tell") < text.index("How likely")
    assert "exist nowhere" in data["synthetic"]
    assert any("age (people of the model have no age)" in line for line in data["cannot_tell"])


def test_the_page_and_the_data_tell_the_same(
    written: tuple[str, Path], data: dict[str, Any]
) -> None:
    page = (written[1] / "lives.md").read_text("utf-8")
    assert [one["part"] for one in data["unseen"]] == ["age"]
    assert data["people"] == 300000
    total = data["chances"][-1]
    assert total["part"] == "all"
    assert f"{total['of_all_people']['people']:,} of 300,000 synthetic people" in page
    assert len(data["near"]) == 3
    for one in data["near"]:
        assert f"Synthetic person {one['synthetic_person']} " in page
        moves = [entry for entry in one["diary"] if entry["why"]]
        assert one["moves"][0]["move"] == "leave"
        for entry in moves:
            why = entry["why"]
            rate = why["base_per_day"] * why["appeal"]
            for term in why["terms"]:
                rate *= term["factor"]
            assert rate == pytest.approx(why["per_day"])
        assert {a["change"] for a in one["again"]} >= {"savings_doubled", "no_decree"}
        assert all(a["same"] == (a["moves"] == one["moves"]) for a in one["again"])
    as_lived = data["effects"][0]
    assert as_lived["change"] is None and as_lived["same"] == as_lived["lives"] > 3


def test_json_has_its_documented_shape_and_the_same_seed_the_same_lives(
    written: tuple[str, Path], data: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "goes.yaml").write_text(GOES, encoding="utf-8")
    code, out, _ = lives("--like", str(tmp_path / "goes.yaml"), "--json")
    assert code == 0
    found = json.loads(out)
    assert {k: v for k, v in found.items() if k not in ("ok", "files")} == data
    near, chance, why = found["near"][0], found["chances"][0], found["near"][0]["diary"][1]["why"]
    parts = [
        found, chance, chance["of_all_people"], near, near["moves"][0], near["diary"][0], why,
        why["terms"][0], near["again"][0], found["effects"][0], found["unseen"][0], found["told"],
    ]  # fmt: skip
    for key in {key for part in parts for key in part}:
        assert f"`{key}`" in DOCUMENTED, key


def test_more_people_than_persons_are_several_runs(tmp_path: Path) -> None:
    """Six million people in a case of three million persons: two runs, counted together."""
    (tmp_path / "goes.yaml").write_text(GOES, encoding="utf-8")
    like = ("--like", str(tmp_path / "goes.yaml"))
    code, out, err = nostoi("lives", str(CASE), *like, "--people", "6000000", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert [run["seed"] for run in found["runs"]] == [7, 8]
    assert found["people"] == 6_000_000
    total = found["chances"][-1]["of_all_people"]
    assert total["people"] == sum(run["people"] for run in found["runs"]) > 0
    assert total["of"] == 6_000_000
    assert {one["seed"] for one in found["near"]} <= {7, 8}
    assert [one["distance"] for one in found["near"]] == [0.0, 0.0, 0.0]


def test_with_roads_towns_and_ways_are_looked_for_and_told(tmp_path: Path) -> None:
    case = shutil.copytree(CASE, tmp_path / "small")
    for name in ("towns.csv", "legs.csv"):
        shutil.copy(CASE.parent / "towns" / name, case / name)
    more = GOES + "origin_town: capital\ntown: near-town\nmodes: [bus, car]\n"
    (tmp_path / "goes.yaml").write_text(more, encoding="utf-8")
    words = ("lives", str(case), "--people", "60000", "--like", str(tmp_path / "goes.yaml"))
    code, out, err = nostoi(*words, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert [one["part"] for one in found["unseen"]] == ["age"]
    parts = [one["part"] for one in found["chances"]]
    assert parts[:4] == ["origin_town", "leaves", "modes", "host"]
    assert parts[4:] == ["town", "stay", "leaves_again", "all"]
    rides = [ride for entry in found["near"][0]["diary"] for ride in entry["rides"]]
    assert rides[0]["from"] == "capital"
    assert {"bus", "car"} <= {ride["mode"] for ride in rides}
    assert all(a["to"] == b["from"] for a, b in pairwise(rides))
    for key in rides[0]:
        assert f"`{key}`" in DOCUMENTED
    code, out, err = nostoi(*words, "--nearest", "1")
    assert code == 0, err
    assert re.search(r"March 2030: by \w+ from Capital to", out)
    assert re.search(r"by \w+ from (North|South) post to Near town", out)
    assert "no towns in this run" not in out


def test_a_life_of_the_case_goes_by_its_name(tmp_path: Path) -> None:
    case = shutil.copytree(CASE, tmp_path / "small")
    (case / "lives").mkdir()
    (case / "lives" / "goes.yaml").write_text(GOES, encoding="utf-8")
    words = ("lives", str(case), "--people", "100000", "--nearest", "1", "--like")
    code, out, err = nostoi(*words, "goes")
    assert code == 0, err
    assert "Somebody who goes and comes back" in out and "\n2. Synthetic" not in out
    code, _, err = nostoi(*words, "gose")
    assert code == 2 and "did you mean 'goes'?" in err


@pytest.mark.parametrize(
    ("old", "new", "number", "where"),
    [
        ("BBB", "BBX", "N120", "goes.yaml:5:host"),
        ("2030-03-20", "2033-03-20", "N119", "goes.yaml:4:leaves"),
        ("8 weeks", "1 weeks", "N173", "goes.yaml:6:stay.to"),
        ("stay:", "stays:", "N101", "goes.yaml:6:stays"),
        ("host: BBB", "host: AAA", "N172", "goes.yaml:5:host"),
    ],
)
def test_a_bad_description_is_refused_with_its_place(
    old: str, new: str, number: str, where: str, tmp_path: Path
) -> None:
    path = tmp_path / "goes.yaml"
    path.write_text(GOES.replace(old, new), encoding="utf-8")
    code, out, err = lives("--like", str(path), "-o", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert number in err and where in err
    assert not (tmp_path / "out").exists()


def test_all_complaints_at_once(tmp_path: Path) -> None:
    path = tmp_path / "goes.yaml"
    path.write_text(GOES.replace("BBB", "BBX").replace("8 weeks", "1 weeks"), encoding="utf-8")
    _, _, err = lives("--like", str(path))
    assert "N120" in err and "N173" in err


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("--like", "somebody"), "N622"),
        (("--like", "nowhere/life.yaml"), "N622"),
        (("--posterior", "nowhere"), "N512"),
        (("--people", "900000000"), "N301"),
        (("--people", "2"), "N621"),
    ],
)
def test_bad_input_is_numbered(words: tuple[str, ...], number: str, tmp_path: Path) -> None:
    (tmp_path / "goes.yaml").write_text(GOES, encoding="utf-8")
    like = ("--like", str(tmp_path / "goes.yaml"))
    code, out, err = lives(*like, *words, "-o", str(tmp_path / "out"))
    assert (code, out) == (2, "")
    assert number in err
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "goes.yaml").write_text(GOES, encoding="utf-8")
    out = tmp_path / "goes.yaml" / "out"
    code, _, err = lives("--like", str(tmp_path / "goes.yaml"), "-o", str(out))
    assert code == 2
    assert "N721" in err


def test_persons_in_a_description_are_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "goes.yaml"
    rows = "".join(f"# write to person{k}@example.org\n" for k in range(4))
    path.write_text(rows + GOES, encoding="utf-8")
    code, out, err = lives("--like", str(path))
    assert (code, out) == (2, "")
    assert "N901" in err and "example.org" not in err
