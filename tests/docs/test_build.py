"""The documentation builds without a warning, agrees with the cards, and its commands run."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(console|yaml [\w.-]+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "mathematics.html").read_text(encoding="utf-8")
    assert "<math" in page
    for name in ("index", "odd", "mathematics"):
        text = (tmp_path / f"{name}.html").read_text(encoding="utf-8")
        loaded = re.findall(r'(?:src|<link[^>]+href)="(https?://[^"]+)"', text)
        assert not loaded, "the pages load nothing from elsewhere"


def test_the_odd_page_is_that_of_the_cards() -> None:
    made = runpy.run_path(str(DOCS / "renew_odd.py"))["page"]()
    assert (DOCS / "odd.md").read_text(encoding="utf-8") == made, "python docs/renew_odd.py"


def test_every_proof_is_a_page_of_the_documentation() -> None:
    text = (DOCS / "proofs.md").read_text(encoding="utf-8")
    written = {path.stem for folder in ("verification", "benchmarks")
               for path in (ROOT / folder).glob("*.md")}  # fmt: skip
    shown = set(re.findall(r"^proofs/([\w-]+)$", text, re.MULTILINE))
    assert shown == written, "python docs/renew_proofs.py"


@pytest.mark.parametrize(
    ("name", "made"),
    [("first-ten-minutes", ""), ("your-own-crisis", "fitted/report/report.html")],
)
def test_the_commands_of_a_page_run(name: str, made: str, tmp_path: Path) -> None:
    (tmp_path / "cases").symlink_to(ROOT / "cases")
    env = os.environ | {"PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "TERM": "dumb"}
    blocks = BLOCK.findall((DOCS / f"{name}.md").read_text(encoding="utf-8"))
    assert blocks
    for kind, text in blocks:
        if kind != "console":
            (tmp_path / kind.split()[1]).write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            words = line.removeprefix("$ nostoi ").split()
            command = [sys.executable, "-W", "error", "-m", "nostoi.app", *words]
            done = subprocess.run(
                command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert (tmp_path / made).exists()
