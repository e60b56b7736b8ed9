"""Compiled text is kept under the name of its content, or put elsewhere where that cannot be."""

from __future__ import annotations

from pathlib import Path

from nostoi.base.compiled import _written


def test_the_same_text_is_written_once(tmp_path: Path) -> None:
    path = _written(tmp_path / "kept", "kernels_x", "a = 1\n")
    before = path.stat().st_mtime_ns
    assert _written(tmp_path / "kept", "kernels_x", "a = 1\n") == path
    assert path.stat().st_mtime_ns == before
    assert [p.name for p in path.parent.iterdir()] == ["kernels_x.py"]


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    path = _written(tmp_path, "kernels_x", "a = 1\n")
    path.write_text("broken", encoding="utf-8")
    assert _written(tmp_path, "kernels_x", "a = 1\n").read_text(encoding="utf-8") == "a = 1\n"


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    path = _written(tmp_path / "file" / "agents", "kernels_x", "a = 1\n")
    assert path.read_text(encoding="utf-8") == "a = 1\n"
    assert tmp_path not in path.parents
