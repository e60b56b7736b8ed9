"""Scores go from `nostoi score` into the report, and what is none is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from nostoi.base.errors import NostoiError
from nostoi.present import marks
from nostoi.present.scored import NAME, scored, write_scored
from nostoi.study.score import Mark

FOUND = (
    Mark("nostoi", 54, 10.0, 12.0, 0.2, 0.3, 0.8, 0.1),
    Mark("last value", 54, 20.0, 22.0, 0.25, 0.35, 1.0, 0.0),
)


def test_scores_come_back_as_written(tmp_path: Path) -> None:
    write_scored(tmp_path, FOUND, ["2022-10-31"], False)
    found = scored(tmp_path)
    assert found is not None
    assert found.marks == FOUND
    assert (found.as_of, found.quick) == (("2022-10-31",), False)
    assert scored(None) is None


def test_the_table_shows_every_forecaster() -> None:
    body = marks.table(FOUND).body
    assert [row[0].words for row in body] == ["nostoi", "last value"]
    assert body[0][1].words == "0.200"


@pytest.mark.parametrize("text", ["", "{}", '{"marks": [{"who": 1}], "as_of": [], "quick": true}'])
def test_a_folder_without_scores_is_refused(tmp_path: Path, text: str) -> None:
    if text:
        (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(NostoiError, match="615"):
        scored(tmp_path)
