"""``nostoi fit`` as a reader of its output meets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.app.test_posterior import nostoi

from nostoi.app.commands.fit import Asked

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"


def test_a_folder_that_the_report_would_replace_is_refused_before_the_fit(tmp_path: Path) -> None:
    """And not after minutes; nothing is written."""
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "thesis.txt").write_text("years of work", encoding="utf-8")
    code, _, err = nostoi("fit", str(SMALL), "-o", str(tmp_path))
    assert code == 2
    assert "N704" in err
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert (tmp_path / "report" / "thesis.txt").exists()


def test_what_facts_ask_is_compiled_beside_the_search_and_only_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fit that is refused, or goes on behind its search, compiles nothing in vain."""
    cases: list[object] = []
    monkeypatch.setattr("nostoi.study.facts.questions_of", cases.append)
    case: Any = object()
    heard: list[str] = []
    asked = Asked(case, lambda stage, _share: heard.append(stage))
    without = Asked(None, lambda _stage, _share: None)
    for stage in ("sample", "mode", "mode", "write"):
        asked.hear(stage, 0.5)
        without.hear(stage, 0.5)
        assert len(cases) <= (stage != "sample")
    assert asked.questions() is None  # what the stand-in returns
    assert cases == [case]
    assert heard == ["sample", "mode", "mode", "write"]
