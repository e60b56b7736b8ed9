"""Each change of the page of changes is made on a copy, and its proof is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")
SECTIONS = {
    part.splitlines()[0].split(". ", 1)[1]: part for part in re.split(r"^## ", PAGE, flags=re.M)[1:]
}
BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SYMBOLS = re.findall(
    r"((?:`\w+`(?: and |, | of )?)+) ?(?:in|of|\()\s*`(src/[\w/.]+\.(?:py|toml))`", PAGE
)


def run(line: str, folder: Path) -> str:
    """What a command of the page prints, from the copy of the package where there is one."""
    source = folder / "src" if (folder / "src").exists() else ROOT / "src"
    env = os.environ | {"PYTHONPATH": str(source), "NO_COLOR": "1", "TERM": "dumb"}
    program, *words = line.split()
    start = ["-m", "nostoi.app"] if program == "nostoi" else []
    command = [sys.executable, "-W", "error", *start, *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def console(text: str, folder: Path) -> None:
    """Commands, and after each the parts of what it must print."""
    said = ""
    for line in text.splitlines():
        if line.startswith("$ "):
            said = run(line.removeprefix("$ "), folder)
        else:
            assert line in said, f"{line!r} is not in\n{said}"


def change(head: list[str], text: str, folder: Path) -> None:
    """A file made, appended to, or with lines replaced."""
    path = folder / head[-1]
    path.parent.mkdir(parents=True, exist_ok=True)
    if head[0] == "diff":
        lines = text.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{head[-1]}: {old}"
        path.write_text(before.replace(old, new), encoding="utf-8")
    elif head[1] == "add":
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    else:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("title", SECTIONS)
def test_the_change_does_what_it_says(title: str, tmp_path: Path) -> None:
    run("nostoi new my-case", tmp_path)
    blocks = BLOCK.findall(SECTIONS[title])
    assert blocks[-1][0] == "console", "the proof comes last"
    if any(head.split()[-1].startswith("src/") for head, _ in blocks):
        shutil.copytree(
            ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    for head, text in blocks:
        if head == "console":
            console(text, tmp_path)
        else:
            change(head.split(), text, tmp_path)


def test_names_in_files_are_there() -> None:
    """Where the page says that something stands in a file, it does."""
    assert len(SYMBOLS) >= 8
    for names, file in SYMBOLS:
        text = (ROOT / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"\b{name}\b", text), f"{name} is not in {file}"


def test_a_change_without_its_other_half_is_refused(tmp_path: Path) -> None:
    """A host without money or a way to it does not pass: the proofs above can fail."""
    run("nostoi new my-case", tmp_path)
    (head, text), *_ = BLOCK.findall(SECTIONS["A new host"])
    change(head.split(), text, tmp_path)
    with pytest.raises(AssertionError, match="N13"):
        run("nostoi check my-case", tmp_path)
