"""Building the cases of the corpus.

A folder of the corpus is either a whole case or one `patch.yaml`, which names a whole case to
start from, the edits, and the numbers that `check` must utter.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

CORPUS = Path(__file__).parents[1] / "cases"
Table = list[list[str]]
Build = Callable[[Path], tuple[Path, list[int]]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A function from a folder of the corpus to a case on disk and its expected numbers."""

    def make(source: Path) -> tuple[Path, list[int]]:
        patch_file = source / "patch.yaml"
        if not patch_file.exists():
            target = tmp_path / source.name
            shutil.copytree(source, target)
            return target, []
        patch = yaml.safe_load(patch_file.read_text(encoding="utf-8"))
        target = tmp_path / patch["base"]
        shutil.copytree(CORPUS / "valid" / patch["base"], target)
        (tmp_path / "outside.yaml").write_text("{}\n", encoding="utf-8")
        for edit in patch["edits"]:
            apply(target, edit)
        return target, list(patch["expect"])

    return make


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the base of the corpus."""
    return shutil.copytree(CORPUS / "valid" / "small", tmp_path / "small")


def apply(folder: Path, edit: dict[str, Any]) -> None:
    """One edit of a patch."""
    path = folder / edit["file"]
    for word, change in EDITS.items():
        if word in edit:
            change(path, edit)
            return
    raise AssertionError(f"no such edit: {edit}")


def _replace(path: Path, edit: dict[str, Any]) -> None:
    text = path.read_text(encoding="utf-8")
    assert edit["replace"] in text, f"{path.name} does not hold {edit['replace']!r}"
    path.write_text(text.replace(edit["replace"], edit["by"]), encoding="utf-8")


def _remove(path: Path, _edit: dict[str, Any]) -> None:
    path.unlink()


def _write(path: Path, edit: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(edit["write"], encoding="utf-8")


def _append(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(path.read_bytes() + edit["append"].encode())


def _append_bytes(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(path.read_bytes() + bytes.fromhex(edit["append_bytes"]))


def _prepend_bytes(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(bytes.fromhex(edit["prepend_bytes"]) + path.read_bytes())


def _bytes(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(bytes.fromhex(edit["bytes"]))


def _size(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(b"")
    os.truncate(path, edit["size"])


def _link(path: Path, edit: dict[str, Any]) -> None:
    path.symlink_to(edit["link"])


def _crlf(path: Path, _edit: dict[str, Any]) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _strip(path: Path, _edit: dict[str, Any]) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def _cut(path: Path, edit: dict[str, Any]) -> None:
    path.write_bytes(path.read_bytes()[: -edit["cut"]])


def _table(path: Path, change: Callable[[Table], Table]) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(change(rows))
    path.write_text(text.getvalue(), encoding="utf-8")


def _drop_column(path: Path, edit: dict[str, Any]) -> None:
    def change(rows: Table) -> Table:
        k = rows[0].index(edit["drop_column"])
        return [row[:k] + row[k + 1 :] for row in rows]

    _table(path, change)


def _add_column(path: Path, edit: dict[str, Any]) -> None:
    new = [edit["add_column"]]
    _table(path, lambda rows: [rows[0] + new, *([*row, edit["value"]] for row in rows[1:])])


def _drop_row(path: Path, edit: dict[str, Any]) -> None:
    _table(path, lambda rows: rows[: edit["drop_row"]] + rows[edit["drop_row"] + 1 :])


def _reverse_columns(path: Path, _edit: dict[str, Any]) -> None:
    _table(path, lambda rows: [row[::-1] for row in rows])


def _cell(path: Path, edit: dict[str, Any]) -> None:
    def change(rows: Table) -> Table:
        rows[edit["row"]][rows[0].index(edit["column"])] = edit["value"]
        return rows

    _table(path, change)


EDITS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "replace": _replace,
    "remove": _remove,
    "write": _write,
    "append": _append,
    "append_bytes": _append_bytes,
    "prepend_bytes": _prepend_bytes,
    "bytes": _bytes,
    "size": _size,
    "link": _link,
    "crlf": _crlf,
    "strip": _strip,
    "cut": _cut,
    "drop_column": _drop_column,
    "add_column": _add_column,
    "drop_row": _drop_row,
    "reverse_columns": _reverse_columns,
    "row": _cell,
}
