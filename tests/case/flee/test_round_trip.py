"""A Flee folder becomes a case that passes every check, and the same folder again."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.case.flee.test_reading import ONE_READING, STOPS
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.base.errors import NostoiError
from nostoi.case.check import check
from nostoi.case.flee.folder import FleeFolder
from nostoi.case.flee.from_case import flee_folder
from nostoi.case.flee.read import read_flee
from nostoi.case.flee.to_case import case_files, names_of
from nostoi.case.flee.write import flee_files
from nostoi.case.load import load
from nostoi.case.space import camp_counts, recounted, space_of, whole_course
from nostoi.case.tags import read_tags, write_tags

SHARED = Path(__file__).resolve().parents[4] / "shared" / "flee-cases"
SEALS = "location,Bujumbura"
NAMES = (
    "mali2012", "burundi2015", "syria2013", "ssudan2016", "tigray2020", "nigeria2016",
    "mali2017_adm1", "ukraine2022",
)  # fmt: skip


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def known(folder: FleeFolder) -> dict[str, Any]:
    """What Flee knows, without the order of rows that it does not read."""
    return {
        "period": (folder.start, folder.length, folder.home),
        "locations": set(folder.locations),
        "links": {
            (frozenset((k.first, k.second)), k.first if k.redirection else "", k.km, k.redirection,
             k.more)
            for k in folder.links
        },
        "closures": folder.closures,
        "conflicts": dict(folder.conflicts),
        "series": dict(folder.series),
        "corrections": folder.corrections,
        "settings": dict(folder.settings),
    }  # fmt: skip


def there_and_back(folder: Path, target: Path) -> None:
    """A folder, its case and the folder of the case say the same."""
    before, _ = read_flee(folder, mend=folder.name == "ukraine2022")
    assert before is not None
    case = written(target / "a-case", case_files(before, "a-case"))
    report = check(case)
    assert report.findings == (), [f.text() for f in report.findings]
    after, said = read_flee(written(target / "back", flee_files(flee_folder(load(case)))))
    assert after is not None, said
    assert known(after) == known(before)


def test_the_invented_conflict_comes_back(flee: Path, tmp_path: Path) -> None:
    text = "move_rules:\n  softening: 20\nspawn_rules:\n  conflict_spawn_decay: [1, 0.5]\n"
    (flee / "simsetting.yml").write_text(text)
    more = "remove_forced_redirection,Cross,Mark,4,0\nlocation,Camp_One,Alta,9,10\n"
    with (flee / "input_csv" / "closures.csv").open("a", encoding="utf-8") as handle:
        handle.write(more)
    there_and_back(flee, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_the_public_cases_come_back(name: str, tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("the public cases of Flee do not lie beside the checkout")
    folder = shutil.copytree(SHARED / name, tmp_path / name)
    closures = folder / "input_csv" / "closures.csv"
    rows = closures.read_text(encoding="utf-8").splitlines(keepends=True)
    closures.write_text("".join(row for row in rows if not row.startswith(SEALS)))
    there_and_back(folder, tmp_path)


def test_the_row_that_seals_a_capital_is_found(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("the public cases of Flee do not lie beside the checkout")
    found, said = read_flee(SHARED / "burundi2015")
    assert found is None
    (seal,) = [f for f in said if f.severity == "error"]
    assert read_flee(SHARED / "burundi2015", mend=True)[0] is None
    assert (seal.number, seal.file, seal.row) == (184, "input_csv/closures.csv", 2)
    assert "91 days" in seal.what


def test_arrays_of_the_invented_conflict(flee: Path, tmp_path: Path) -> None:
    found, _ = read_flee(flee)
    assert found is not None
    case = load(written(tmp_path / "a-case", case_files(found, "a-case")))
    space, counts = space_of(case), camp_counts(case)
    at = space.index
    assert space.names[at("bela")] == "bela"
    assert space.labels[at("bela")] == "Béla"
    assert (space.n, space.days, len(space.km)) == (7, 12, 6)
    assert space.capacity[at("camp-one")] == 9000
    assert space.capacity[at("camp-two")] == 0
    assert space.since[:, at("bela")].tolist() == [-1] * 5 + list(range(7))
    border = [set(pair) for pair in zip(space.first, space.second, strict=True)]
    shut = border.index({at("mark"), at("camp-one")})
    assert np.flatnonzero(space.closed[:, shut]).tolist() == [3, 4, 5, 6]
    home = border.index({at("cross"), at("camp-home")})
    assert np.flatnonzero(space.closed[:, home]).tolist() == [8, 9, 10, 11]
    assert np.flatnonzero(space.no_camp[:, at("camp-two")]).tolist() == [0, 1, 2, 3, 4, 5]
    one = counts.camps.tolist().index(at("camp-one"))
    # 400 before the new registration of 300 becomes 300, 50 becomes 37.5; the second file adds 10
    # a day; a straight line is cut to whole persons file by file.
    assert counts.persons[:5, one].tolist() == [37, 103 + 10, 168 + 20, 234 + 30, 300 + 40]
    assert counts.total[[0, 11]].tolist() == [100, 3000]


def test_new_registrations_follow_each_other() -> None:
    day = [dt.date(2030, 1, d) for d in range(1, 5)]
    points = list(zip(day, [100.0, 200.0, 100.0, 50.0], strict=True))
    both = recounted(points, [day[3], day[2]], day[0])
    assert [value for _, value in both] == [25.0, 50.0, 50.0, 50.0]
    assert recounted(points, [day[2]], day[3]) == points
    assert whole_course([(day[0], 0.0), (day[3], 10.0)], day).tolist() == [0, 3, 6, 10]


def test_tags_carry_any_sign() -> None:
    pairs = (("a", "x=1; y"), ("b%", "50 %"), ("c", ""))
    assert tuple(read_tags(write_tags(pairs)).items()) == pairs


def test_slugs_do_not_hang_on_the_order(flee: Path) -> None:
    found, _ = read_flee(flee)
    assert found is not None
    assert dict(names_of(found.locations).slug) == dict(names_of(found.locations[::-1]).slug)


def nostoi(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(build(), [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


def test_the_commands(flee: Path, tmp_path: Path) -> None:
    case, back = tmp_path / "new" / "invented-1", tmp_path / "back"
    code, out, err = nostoi("import", "flee", flee, case)
    assert (code, "7 places, 6 roads, 3 camps" in out) == (0, True), err
    assert "N194" in err
    assert nostoi("import", "flee", flee, case)[0] == 2
    assert nostoi("export", "flee", case, back)[0] == 0
    first, second = read_flee(flee)[0], read_flee(back)[0]
    assert first is not None
    assert second is not None
    assert known(first) == known(second)


def test_a_refused_folder_leaves_nothing(flee: Path, tmp_path: Path) -> None:
    routes = flee / "input_csv" / "routes.csv"
    routes.write_text(routes.read_text("utf-8").replace("80", "-80"), "utf-8")
    case = tmp_path / "cases" / "invented"
    code, out, _ = nostoi("import", "flee", flee, case, "--json")
    assert code == 2
    assert not case.parent.exists()
    said = json.loads(out)
    assert (said["ok"], said["case"]) == (False, None)
    assert said["findings"][0]["number"] == 182
    assert nostoi("import", "flee", flee, tmp_path / "Bad Name")[0] == 2


@pytest.mark.parametrize("name", [*STOPS, *ONE_READING])
def test_every_malformed_folder_is_refused_whole(flee: Path, tmp_path: Path, name: str) -> None:
    number, file, row, edit = (STOPS | ONE_READING)[name]
    text = (flee / edit[0]).read_text(encoding="utf-8")
    (flee / edit[0]).write_text(text.replace(*edit[1:], 1), encoding="utf-8")
    code, out, err = nostoi("import", "flee", flee, tmp_path / "cases" / "invented")
    assert (code, out) == (2, "")
    assert f"N{number} " in err
    assert (file if row is None else f"{file}:{row}") in err
    assert "Traceback" not in err
    assert not (tmp_path / "cases").exists()
    assert ("--mend" in err) == (name in ONE_READING)


def test_mending_on_request(flee: Path, tmp_path: Path) -> None:
    _, _, _, edit = ONE_READING["out-of-order"]
    text = (flee / edit[0]).read_text(encoding="utf-8")
    (flee / edit[0]).write_text(text.replace(*edit[1:], 1), encoding="utf-8")
    case = tmp_path / "invented-3"
    assert nostoi("import", "flee", flee, case)[0] == 2
    code, _, err = nostoi("import", "flee", flee, case, "--mend")
    assert code == 0
    assert "N193" in err


def test_strict_stops_at_what_moves_nobody(flee: Path, tmp_path: Path) -> None:
    assert nostoi("import", "flee", flee, tmp_path / "invented-2", "--strict")[0] == 2
    assert not (tmp_path / "invented-2").exists()


def test_a_case_without_sites_is_no_space() -> None:
    small = load(Path(__file__).parents[2] / "cases" / "valid" / "small")
    with pytest.raises(NostoiError) as refused:
        space_of(small)
    assert [f.number for f in refused.value.findings] == [304]
