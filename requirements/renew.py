"""Renew the hash-pinned lists from pyproject.toml; `python3 run.py lock` calls this.

Two lists, for Python 3.11 on Linux and macOS: what a run needs and what the tests need. The build
backend is in both, so that the project itself installs without a further download.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEAD = "# Made by `python3 run.py lock` from pyproject.toml: Python 3.11, Linux and macOS.\n"
# No index host and no local path may enter a committed list.
FLAGS = (
    "--generate-hashes --strip-extras --allow-unsafe --no-annotate --no-header --quiet "
    "--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options"
).split()


def wanted(pyproject: Path) -> tuple[list[str], list[str]]:
    """Requirements of a run and of the tests, as pyproject.toml states them."""
    facts = tomllib.loads(pyproject.read_text())
    project = facts["project"]
    run = [*project["dependencies"], *facts["build-system"]["requires"], "editables"]
    return run, [*run, *project["optional-dependencies"]["test"]]


def clean(text: str) -> str:
    """A compiled list without option lines and blank lines, under our own heading."""
    lines = (line for line in text.splitlines() if line and not line.startswith(("--", "#")))
    return HEAD + "\n".join(lines) + "\n"


def compile_list(target: Path, needs: list[str], extra: list[str]) -> None:
    """Let pip-compile write one list; versions that stand in it already are kept."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "needs.in"
        source.write_text("\n".join(needs) + "\n")
        command = [sys.executable, "-m", "piptools", "compile", *FLAGS, *extra]
        subprocess.run([*command, "-o", str(target), str(source)], check=True)
    target.write_text(clean(target.read_text()))


def main(extra: list[str]) -> int:
    """Write both lists; the shorter one is bound to the longer, so they never disagree."""
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("lock needs Python 3.11")
    run, tests = wanted(HERE.parent / "pyproject.toml")
    longer = HERE / "py311-test.txt"
    compile_list(longer, tests, extra)
    compile_list(HERE / "py311.txt", run, ["--constraint", str(longer), *extra])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
