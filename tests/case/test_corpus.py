"""The corpus: every valid case loads and resolves for good, every invalid one says its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.check import check
from nostoi.case.load import load
from nostoi.case.resolve import resolve

CORPUS = Path(__file__).parents[1] / "cases"
VALID = sorted(path for path in (CORPUS / "valid").iterdir() if path.is_dir())
INVALID = sorted(path for path in (CORPUS / "invalid").iterdir() if path.is_dir())
Build = Callable[[Path], tuple[Path, list[int]]]


def name_of(path: Path) -> str:
    return path.name


def test_the_corpus_is_large_enough() -> None:
    assert len(VALID) >= 15
    assert len(INVALID) >= 40


@pytest.mark.parametrize("source", VALID, ids=name_of)
def test_valid_case_loads_and_warns_as_expected(source: Path, build: Build) -> None:
    folder, expected = build(source)
    report = check(folder)
    assert [f.text() for f in report.findings if f.severity == "error"] == []
    assert sorted({f.number for f in report.findings}) == expected
    assert load(folder).hash == (report.case and report.case.hash)


@pytest.mark.parametrize("source", VALID, ids=name_of)
def test_resolving_twice_changes_nothing(source: Path, build: Build) -> None:
    folder, _ = build(source)
    full = load(folder).full
    assert resolve(full) == full
    assert resolve(json.loads(json.dumps(full))) == full


@pytest.mark.parametrize("source", INVALID, ids=name_of)
def test_invalid_case_says_exactly_its_numbers(source: Path, build: Build) -> None:
    folder, expected = build(source)
    report = check(folder)
    said = [f.text() for f in report.findings]
    errors = sorted({f.number for f in report.findings if f.severity == "error"})
    assert errors == expected, said
    assert not report.ok
    for finding in report.findings:
        assert finding.file, "a finding says where"
        assert finding.do, "a finding says what to do"
    with pytest.raises(NostoiError) as refused:
        load(folder)
    assert sorted({f.number for f in refused.value.findings}) == expected
