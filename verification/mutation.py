"""Mutation check: would the tests notice if a rule pulled the wrong way?

For each file of rules, a copy of the package is made in which every rule of that file has its
sign flipped (`-value`; for an ability, `1 - value`), and the tests of the rules are run against
the copy. Each flipped rule must make a test of its own name fail. The sources themselves are
never touched. Run from the root of the repository:

    python verification/mutation.py

It writes the table `verification/mutation.md` and exits with 1 if a flipped rule went unnoticed.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "nostoi"
TESTS = ROOT / "tests" / "rules"
TABLE = Path(__file__).with_suffix(".md")
KINDS = ("push", "able", "pull", "drift")


@dataclass(frozen=True)
class Mutant:
    """A file of rules with all signs flipped: its text, and the names of the rules in it."""

    file: str
    rules: tuple[str, ...]
    text: str


def kind_of(function: ast.FunctionDef) -> str:
    """Kind of a rule by its decorator; empty for other functions."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name):
            return decorator.func.id if decorator.func.id in KINDS else ""
    return ""


def flipped(path: Path) -> Mutant:
    """The mutant of a file of rules."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    rules = [f for f in tree.body if isinstance(f, ast.FunctionDef) and kind_of(f)]
    for function in rules:
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                able = kind_of(function) == "able"
                sign = "1.0 - (VALUE)" if able else "-(VALUE)"
                text = sign.replace("VALUE", ast.unparse(node.value))
                node.value = ast.parse(text, mode="eval").body
    return Mutant(path.name, tuple(f.name for f in rules), ast.unparse(tree))


def failures(mutant: Mutant) -> list[str]:
    """Names of the tests that fail for a mutant."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "nostoi"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "rules" / mutant.file).write_text(mutant.text, encoding="utf-8")
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pytest", str(TESTS), "-q", "-p", "no:cacheprovider"],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    return re.findall(r"^FAILED \S+::(\S+)", done.stdout, flags=re.MULTILINE)


def noticed(rule: str, failed: list[str]) -> bool:
    """Whether a test that bears the rule's name failed."""
    return any(re.search(rf"\[(.*-)?{rule}(-.*)?\]$", test) for test in failed)


def main() -> int:
    """Runs all mutants, writes the table and returns the number for the shell."""
    rows, missed_any = [], False
    for path in sorted((PACKAGE / "rules").glob("*.py")):
        mutant = flipped(path)
        if not mutant.rules:
            continue
        failed = failures(mutant)
        missed = [rule for rule in mutant.rules if not noticed(rule, failed)]
        missed_any = missed_any or bool(missed)
        caught = len(mutant.rules) - len(missed)
        said = ", ".join(missed) or "none"
        rows.append(f"| {mutant.file} | {len(mutant.rules)} | {caught} | {len(failed)} | {said} |")
    head = (
        "# Mutation check of the rules\n\n"
        "Written by `python verification/mutation.py`: all signs of one file of rules are flipped "
        "at a time\nin a copy of the package, and `tests/rules` is run. A rule is noticed when a "
        "test of its own name fails.\n\n"
        "| file | rules flipped | noticed | tests that failed | unnoticed |\n"
        "|---|---:|---:|---:|---|\n"
    )
    TABLE.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(rows) + "\n")
    return 1 if missed_any else 0


if __name__ == "__main__":
    sys.exit(main())
