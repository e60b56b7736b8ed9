"""The shell: new, check and schema, their exit codes, and how light the help is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nostoi.app.cli import build
from nostoi.app.commands import check as check_command
from nostoi.case.check import check

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
SHELL = build()


def nostoi(*words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(SHELL, list(words))
    return result.exit_code, result.stdout, result.stderr


def test_a_new_case_passes_check_without_a_word(tmp_path: Path) -> None:
    assert nostoi("new", "my-crisis", "--folder", str(tmp_path))[0] == 0
    report = check(tmp_path / "my-crisis")
    assert report.findings == ()
    assert report.case is not None
    assert report.case.spec.name == "my-crisis"
    code, out, err = nostoi("check", str(tmp_path / "my-crisis"))
    assert (code, err) == (0, "")
    assert "10 rows, 8 used, 2 not used" in out


def test_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    code, out, err = nostoi("new", "here", "--folder", str(tmp_path))
    assert (code, out) == (2, "")
    assert err.startswith("N801")
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "My Case", "-x/../y"])
def test_new_refuses_odd_names(name: str, tmp_path: Path) -> None:
    code, _, err = nostoi("new", "--folder", str(tmp_path), "--", name)
    assert code == 2
    assert err.startswith("N802")


def test_new_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = nostoi("new", "a", "--folder", str(tmp_path / "file"))
    assert code == 2
    assert err.startswith("N803")


def test_check_says_all_complaints_and_ends_with_2(tmp_path: Path) -> None:
    folder = shutil.copytree(SMALL, tmp_path / "small")
    with (folder / "money.csv").open("a", encoding="utf-8") as file:
        file.write("BBX,2030-02-01,wage,many,BBC/month,\n")
        file.write("BBX,2030-02-01,wage,5,BBC/month,\n")
    code, out, err = nostoi("check", str(folder))
    assert (code, out) == (2, "")
    assert "1 of 2: N110" in err
    assert "2 of 2: N120 unknown place 'BBX'; did you mean 'BBB'?" in err
    assert "where: money.csv:11:place" in err
    assert "Traceback" not in err


def test_check_as_json_has_its_documented_shape(tmp_path: Path) -> None:
    code, out, _ = nostoi("check", str(SMALL), "--json")
    report = json.loads(out)
    assert code == 0
    assert list(report) == ["format", "ok", "case", "hash", "findings", "account"]
    assert (report["format"], report["ok"], report["case"]) == (1, True, "small")
    assert list(report["account"]) == ["rows", "used", "by_observer", "unused"]
    code, out, _ = nostoi("check", str(tmp_path / "nowhere"), "--json")
    report = json.loads(out)
    assert code == 2
    assert (report["ok"], report["case"], report["account"]) == (False, None, None)
    assert report["findings"][0]["number"] == 100
    documented = (Path(__file__).parents[2] / "docs" / "json-output.md").read_text("utf-8")
    for key in [*report, *report["findings"][0], "by_observer", "unused", "reason"]:
        assert f"`{key}`" in documented


def test_schema_fits_the_corpus(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert nostoi("schema", "-o", str(tmp_path / "s.json"))[0] == 0
    schema = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    from nostoi.case.complaints import Complaints
    from nostoi.case.files import PAGES
    from nostoi.case.gather import gather

    for source in (SMALL, SMALL.parent / "minimal", SMALL.parent / "provinces"):
        short = gather(source, Complaints()).short
        for key, page in PAGES.items():
            part = {"$ref": f"#/$defs/{page.file.replace('/', '~1')}", "$defs": schema["$defs"]}
            jsonschema.Draft202012Validator(part).validate(short[key])
    with pytest.raises(jsonschema.ValidationError):
        part = {"$ref": "#/$defs/case.yaml", "$defs": schema["$defs"]}
        jsonschema.Draft202012Validator(part).validate({"nostoi": 1, "sede": 2})


def test_schema_says_where_it_cannot_write(tmp_path: Path) -> None:
    code, _, err = nostoi("schema", "-o", str(tmp_path / "no" / "s.json"))
    assert code == 2
    assert err.startswith("N803")


def test_an_interruption_is_one_line_and_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nostoi.case.check.check", interrupted)
    assert check_command.__file__
    code, _, err = nostoi("check", str(SMALL))
    assert code == 130
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "--help"]])
def test_the_help_is_light(words: list[str]) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['nostoi', *{words!r}]\n"
        "from nostoi.app.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'jax', 'pandas', 'numpy', 'scipy', 'xarray', 'yaml', 'nostoi.case'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
