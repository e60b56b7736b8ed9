"""``nostoi fit`` as a reader of its output meets it."""

from __future__ import annotations

from pathlib import Path

from tests.app.test_posterior import nostoi

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
