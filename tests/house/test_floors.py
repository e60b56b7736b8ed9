"""Imports go downward only: the floors of the house, proven by import-linter."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
LINTER = (sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()")


def lint(folder: Path, config: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package that lies in a folder."""
    command = [*LINTER, "--config", str(config), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_floors() -> None:
    """The real package under the real contract."""
    done = lint(ROOT / "src", ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contract_is_the_design() -> None:
    """Eight floors, two pairs of siblings, and no folder without a floor."""
    (contract,) = CONTRACT["contracts"]
    assert contract["exhaustive"]
    assert contract["layers"] == [
        "app",
        "present",
        "study",
        "infer",
        "observe | engine",
        "case",
        "world | rules",
        "base",
    ]


@pytest.fixture
def toy_house(tmp_path: Path) -> Path:
    """An empty package with the same floors and the same contract."""
    names = [n for floor in CONTRACT["contracts"][0]["layers"] for n in floor.split(" | ")]
    for name in ("", *names):
        (tmp_path / "nostoi" / name).mkdir()
        (tmp_path / "nostoi" / name / "__init__.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("floor", "line", "allowed"),
    [
        ("present", "import nostoi.base", True),
        ("rules", "import nostoi.engine", False),
        ("observe", "import nostoi.engine", False),
        ("world", "import nostoi.rules", False),
        ("attic", "", False),
    ],
)
def test_a_breach_is_seen(toy_house: Path, floor: str, line: str, allowed: bool) -> None:
    """Upward and sideways imports and folders that nobody placed are refused."""
    (toy_house / "nostoi" / floor).mkdir(exist_ok=True)
    (toy_house / "nostoi" / floor / "__init__.py").write_text(line)
    assert (lint(toy_house, ROOT / "pyproject.toml").returncode == 0) is allowed
