"""A case that can be read but not run: the engines say all that they lack, with numbers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nostoi.app.cli import build

VALID = Path(__file__).parents[1] / "cases" / "valid"
SHELL = build()


@pytest.fixture
def poor(tmp_path: Path) -> Path:
    """The small case without one exchange rate, all other money of BBB, and the ways there."""
    folder = tmp_path / "case"
    shutil.copytree(VALID / "small", folder)
    (folder / "goes.yaml").write_text(
        "title: Somebody who goes\ntold_by: nobody\nhost: BBB\n", encoding="utf-8"
    )
    for name in ("money.csv", "routes.csv"):
        lines = (folder / name).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "BBB" not in line and ",exchange," not in line]
        (folder / name).write_text("".join(kept), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--engine", "agents", "--people", "100", "-o", "OUT"),
        ("run", "--engine", "cohorts", "-o", "OUT"),
        ("lives", "--like", "LIFE", "--people", "100", "-o", "OUT"),
        ("parity", "--people", "1000"),
    ],
)
def test_a_case_without_money_or_a_way_is_refused_at_once(
    words: tuple[str, ...], poor: Path, tmp_path: Path
) -> None:
    put = {"OUT": str(tmp_path / "out"), "LIFE": str(poor / "goes.yaml")}
    rest = [put.get(word, word) for word in words[1:]]
    result = CliRunner().invoke(SHELL, [words[0], str(poor), *rest])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "N310 BBB has no wage and no living and no exchange" in result.stderr
    assert "N310 CCC has no exchange" in result.stderr
    assert "N311 no way leads from AAA to BBB" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_case_without_the_file_is_refused_too(tmp_path: Path) -> None:
    words = ["run", str(VALID / "minimal"), "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(SHELL, words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "N310 AAA has no wage and no living" in result.stderr
    assert not (tmp_path / "out").exists()
