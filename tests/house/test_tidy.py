"""The house is tidy: small files and functions, opening sentences, a library that never speaks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "src" / "nostoi"
SCRIPTS = [ROOT / "run.py", ROOT / "requirements" / "renew.py"]
SOURCE = sorted(LIBRARY.rglob("*.py")) + SCRIPTS
TESTS = sorted((ROOT / "tests").rglob("*.py"))
WRITTEN = {".py", ".md", ".toml", ".txt", ".csv", ".yaml", ".yml", ".html", ".css", ".js", ".cff"}
MOST_LINES = 300
MOST_FUNCTION_LINES = 60
MOST_PARAMETERS = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    """A path as the test report should show it."""
    return str(path.relative_to(ROOT))


def functions(tree: ast.Module) -> Iterator[Function]:
    """All functions and methods of a file, also inner ones."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def parameters(function: Function) -> int:
    """How many things a caller may pass; the object of a method is not counted."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    extra = [one for one in (given.vararg, given.kwarg) if one]
    return len([one for one in every if one.arg not in ("self", "cls")]) + len(extra)


def problems(path: Path) -> list[str]:
    """What is untidy in one file."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    found = []
    if not ast.get_docstring(tree):
        found.append("no opening sentence")
    if len(text.splitlines()) > MOST_LINES:
        found.append(f"{len(text.splitlines())} lines; split it")
    for function in functions(tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MOST_FUNCTION_LINES:
            found.append(f"{function.name} has {lines} lines")
        if parameters(function) > MOST_PARAMETERS:
            found.append(f"{function.name} takes {parameters(function)} parameters")
    return found


def speech(path: Path) -> list[str]:
    """Lines where library code prints, ends the program or keeps a global variable."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno}: global")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit"):
            found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


@pytest.mark.parametrize("path", SOURCE + TESTS, ids=name)
def test_file_is_tidy(path: Path) -> None:
    """An opening sentence, at most 300 lines, functions of at most 60 lines and 8 parameters."""
    assert problems(path) == []


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.py")), ids=name)
def test_library_is_silent(path: Path) -> None:
    """No print, no exit, no global variables; only the shell on the top floor speaks."""
    if LIBRARY / "app" not in path.parents:
        assert speech(path) == []


def test_nothing_committed_names_a_machine() -> None:
    """No path of somebody's computer and no local address of one in any text."""
    place = re.compile(r"(?<![\w.])/(?:work|opt|root|home|Users|tmp)/\w")
    folders = ("src", "tests", "docs", "cases", "requirements", "decisions")
    paths = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in WRITTEN]
    paths += [p for p in ROOT.iterdir() if p.is_file() and p.suffix in WRITTEN]
    named = [
        f"{name(path)}: {match.group()}"
        for path in paths
        for match in place.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []


def test_the_checks_see_what_they_should(tmp_path: Path) -> None:
    """Each check fails on a file made to break it."""
    arguments = ", ".join(f"a{k}" for k in range(9))
    body = "\n".join("    x = 1" for _ in range(300))
    path = tmp_path / "bad.py"
    path.write_text(f"import sys\ndef long({arguments}):\n{body}\n    print(x)\n    sys.exit(1)\n")
    assert problems(path) == [
        "no opening sentence",
        "304 lines; split it",
        "long has 303 lines",
        "long takes 9 parameters",
    ]
    assert speech(path) == ["line 303: print", "line 304: sys.exit"]
