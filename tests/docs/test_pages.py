"""The pages say what the programs do: keys of JSON, numbers of errors, links, decisions."""

from __future__ import annotations

import re
import runpy
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from nostoi.base.errors import Finding
from nostoi.case.check import check
from nostoi.case.schema import Disclosure
from nostoi.infer.diagnostics import Verdict
from nostoi.study.explain import Explanation, Term
from nostoi.study.facts import Outcome, _entry

ROOT = Path(__file__).parents[2]
JSON = (ROOT / "docs" / "json-output.md").read_text(encoding="utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "decisions").glob("*.md")),
]


def tables(title: str) -> list[set[str]]:
    """Keys of the tables under a heading, one set per table."""
    text = JSON.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]
    found: list[set[str]] = []
    for line in text.splitlines():
        if line.startswith("| key |"):
            found.append(set())
        elif line.startswith("| `"):
            found[-1] |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
    return found


def test_check_is_documented() -> None:
    report = check(ROOT / "tests" / "cases" / "valid" / "small").as_dict()
    top, finding, account = tables("`nostoi check")
    assert top == set(report)
    assert finding == set(Finding(101, "a").as_dict())
    assert account == set(report["account"])


def test_explain_is_documented() -> None:
    term = Term("panic", "push", 1.0, 2.7, "says", "S1", "source")
    found = Explanation("leave", {}, "AAA", date(2030, 3, 4), 1.0, 1.0, 1.0, (term,)).as_dict()
    top, inner = tables("`nostoi explain")
    assert top == set(found) | {"format", "ok"}
    assert inner == set(found["terms"][0])


def test_fit_and_facts_are_documented() -> None:
    import sys

    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.present.fake_fit import fit_meta

    top, inner = tables("`nostoi fit")
    assert top == set(fit_meta()) | {"ok", "fit", "report"}
    assert inner == {field.name for field in fields(Verdict)} == set(fit_meta()["diagnostics"])
    fact, part = tables("`FIT/facts.json`")
    assert fact == {"fact", "published", "model", "verdict", "why", "parts"}
    outcome = Outcome("a", 1.0, 2.0, 1.0, 1.5, 2.0, True, True)
    assert part == set(_entry(outcome, Disclosure()))


def test_the_page_of_errors_is_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "renew_errors.py"))["page"]()
    assert (ROOT / "docs" / "errors.md").read_text(encoding="utf-8") == made, (
        "run python docs/renew_errors.py"
    )


def test_every_decision_is_in_the_index() -> None:
    index = (ROOT / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "decisions").glob("0*.md"):
        assert f"]({path.name})" in index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_on_a_page_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:src|docs|cases|decisions|tests)/[\w./-]+)`", text))
    named |= {f"docs/../{page.parent.name}/{link}" if page.parent != ROOT else link
              for link in re.findall(r"\]\(([\w./-]+)\)", text)}  # fmt: skip
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
