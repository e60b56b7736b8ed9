"""Numbers lead somewhere: each one in the source is in the catalogue, and the other way round."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import yaml

from nostoi.base.errors import Finding, NostoiError, catalogue

SOURCE = Path(__file__).parents[2] / "src" / "nostoi"
INVALID = Path(__file__).parents[1] / "cases" / "invalid"
VALID = Path(__file__).parents[1] / "cases" / "valid"
SPOKEN = re.compile(r"(?:\.add|refuse|Finding)\(\s*(?:number=)?([0-9]{3})\b")
REFUSED = re.compile(r"RefusedError\([0-9]{3}, ([0-9]{3}),")
TABLED = re.compile(r"\b([0-9]{3}): (?:\[\]|\"(?:name|word)\")")
RETURNED = re.compile(r"(?:return |= \()([0-9]{3}), f?\"")


def numbers_in_source() -> set[int]:
    """Every number that some line of the source can utter."""
    found: set[int] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for pattern in (SPOKEN, RETURNED, REFUSED, TABLED):
            found |= {int(n) for n in pattern.findall(text)}
    return found


def test_source_and_catalogue_agree() -> None:
    assert numbers_in_source() == set(catalogue())


def test_the_catalogue_is_in_order_and_complete() -> None:
    entries = list(catalogue().values())
    assert [entry.number for entry in entries] == sorted(entry.number for entry in entries)
    for entry in entries:
        assert entry.title
        assert entry.meaning.endswith(".")
        assert entry.remedy.endswith(".")


def test_every_case_number_is_in_the_corpus() -> None:
    spoken = set()
    for path in [*INVALID.glob("*/patch.yaml"), *VALID.glob("*/patch.yaml")]:
        spoken |= set(yaml.safe_load(path.read_text(encoding="utf-8"))["expect"])
    of_cases = {n for n in catalogue() if 100 < n < 200 or 400 < n < 500 or n > 900}
    # Numbers 174 and 179 are about scenarios that somebody asks for, 128, 129 and 180 to 199 about
    # folders of Flee; test_scenarios.py and flee/test_reading.py beside this file utter them all.
    assert of_cases - spoken - {128, 129, 174, 179} - set(range(180, 200)) == set()


def test_a_finding_says_what_where_and_what_to_do() -> None:
    finding = Finding(120, "unknown place 'KAX'", "routes.csv", 7, "to", "correct it")
    assert finding.text() == (
        "N120 unknown place 'KAX'\n  where: routes.csv:7:to\n  do:    correct it"
    )
    assert Finding(100, "no folder").text() == "N100 no folder"
    assert set(finding.as_dict()) == {"number", "severity", "what", "file", "row", "column", "do"}


def test_several_findings_are_counted() -> None:
    one, two = Finding(101, "a"), Finding(102, "b", severity="warning")
    assert str(NostoiError(one, two)) == "1 of 2: N101 a\n2 of 2: N102 (warning) b"
    assert str(NostoiError(one)) == "N101 a"
    assert pickle.loads(pickle.dumps(NostoiError(one, two))).findings == (one, two)  # noqa: S301
