"""The page on the format names every file, column and key that the models know."""

from __future__ import annotations

from pathlib import Path

import pytest

from nostoi.case.files import KNOWN_FILES, PAGES, SCENARIO, TABLES
from nostoi.case.ledger import FAMILY_TAKES, MEASURES

PAGE = (Path(__file__).parents[2] / "docs" / "case-format.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("key", list(TABLES))
def test_every_column_is_described(key: str) -> None:
    sheet = TABLES[key]
    text = section(sheet.file)
    assert [column for column in sheet.columns if f"`{column}`" not in text] == []


@pytest.mark.parametrize("key", list(PAGES))
def test_every_key_is_described(key: str) -> None:
    page = PAGES[key]
    text = section(page.file)
    inner = {"from", "to", "only", "except", "daily", "step", "persons", "source"}
    lacking = [word for word in page.words if f"`{word}" not in text and word not in inner]
    assert lacking == []


def test_every_file_and_type_is_named() -> None:
    assert [name for name in KNOWN_FILES - {"README.md"} if name not in PAGE] == []
    words = [*MEASURES, *FAMILY_TAKES, *(m for some in MEASURES.values() for m in some if m)]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_every_word_of_a_scenario_is_described() -> None:
    text = section(SCENARIO.file)
    assert [word for word in SCENARIO.words if f"`{word}" not in text] == []
