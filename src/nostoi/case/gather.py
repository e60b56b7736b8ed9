"""From a folder to the short form: read every file, keep the line of every value, judge nothing.

A file that holds records of persons is refused as a whole and none of it is repeated.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nostoi.case.complaints import Complaints, near
from nostoi.case.files import CODE, KNOWN_FILES, LIMITS, LIVES, PAGES, SCENARIOS, TABLES
from nostoi.case.privacy import MANY_ROWS, personal_columns, rows_with_personal_values
from nostoi.case.tables import header_of, read_table
from nostoi.case.text import read_text
from nostoi.case.yamls import Document, read_yaml

MANY = (f"{LIVES}/", f"{SCENARIOS}/")
"""Folders that hold any number of YAML files."""

Short = dict[str, Any]
"""The short form: key of the file -> list of rows (tables) or the document (YAML)."""


@dataclass
class Reading:
    """What was read: the short form, the lines, and the files that could not be read."""

    short: Short
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    lives: dict[str, Document] = field(default_factory=dict)
    scenarios: dict[str, Document] = field(default_factory=dict)
    limits: str = ""
    code: str = ""
    folder_name: str = ""

    def line(self, table: str, row: int) -> int:
        """The line of a row of a table; without a file, as if each row had one line."""
        lines = self.lines.get(table)
        return row + 2 if lines is None else lines[row]

    def document(self, page: str) -> Document:
        """The lines of a YAML file; none if it was not read from a file."""
        return self.documents.get(page) or Document(PAGES[page].file)


def gather(folder: Path, out: Complaints, *, trust: bool = False) -> Reading:
    """Everything in a case folder; complaints about files go to `out`."""
    reading = Reading(short={})
    if not folder.is_dir():
        out.add(100, "there is no such folder", str(folder))
        reading.broken |= {*TABLES, *PAGES}
        return reading
    reading.folder_name = folder.resolve().name
    for key in PAGES:
        _gather_page(folder, key, reading, out)
    for key in TABLES:
        _gather_table(folder, key, reading, out)
    reading.lives = _gather_many(folder, LIVES, out)
    reading.scenarios = _gather_many(folder, SCENARIOS, out)
    _gather_rest(folder, reading, out, trust=trust)
    _look_at_other_files(folder, out)
    return reading


def _missing(key: str, file: str, required: bool, reading: Reading, out: Complaints) -> None:
    """A file that is not there: a complaint if it must be, else nothing."""
    if key == "sources":
        required = bool(reading.short.get("observations"))
    if required:
        out.add(103, f"the file {file} is missing", file)
        reading.broken.add(key)


def _gather_page(folder: Path, key: str, reading: Reading, out: Complaints) -> None:
    """One YAML file into the short form."""
    page, before = PAGES[key], len(out.errors)
    text = read_text(folder, page.file, out)
    if text is None:
        reading.short[key] = {}
        if len(out.errors) == before:
            _missing(key, page.file, page.required, reading, out)
        else:
            reading.broken.add(key)
        return
    document = None
    if not _records_of_persons(page.file, text, None, out):
        document = read_yaml(page.file, text, out)
    if document is None:
        reading.short[key] = {}
        reading.broken.add(key)
    else:
        reading.short[key] = document.data
        reading.documents[key] = document


def _gather_table(folder: Path, key: str, reading: Reading, out: Complaints) -> None:
    """One table into the short form."""
    sheet, before = TABLES[key], len(out.errors)
    reading.short[key] = []
    text = read_text(folder, sheet.file, out)
    if text is None and len(out.errors) == before:
        _missing(key, sheet.file, sheet.required, reading, out)
    elif text is not None and not _records_of_persons(sheet.file, text, sheet.columns, out):
        table = read_table(sheet.file, text, sheet.columns, sheet.needed, out)
        reading.short[key] = list(table.rows)
        reading.lines[key] = table.lines
        if not table.rows and not sheet.may_be_empty and len(out.errors) == before:
            out.add(157, "the table has no rows", sheet.file, 1)
    if len(out.errors) > before:
        reading.broken.add(key)


def _records_of_persons(
    file: str, text: str, expected: tuple[str, ...] | None, out: Complaints
) -> bool:
    """Whether a file looks like records of persons; the complaint repeats nothing of it."""
    columns = personal_columns(header_of(text), expected) if file.endswith(".csv") else 0
    rows = rows_with_personal_values(text)
    if columns:
        out.add(901, f"{columns} column(s) look like records of persons", file, 1)
    elif rows >= MANY_ROWS:
        out.add(901, f"{rows} lines look like records of persons", file)
    return bool(columns) or rows >= MANY_ROWS


def _gather_many(folder: Path, part: str, out: Complaints) -> dict[str, Document]:
    """Every YAML file in a folder of the case, by its name without the ending."""
    where, found = folder / part, {}
    if not where.is_dir() or not where.resolve().is_relative_to(folder.resolve()):
        return {}
    for path in sorted(where.glob("*.yaml")):
        document = gather_document(folder, f"{part}/{path.name}", out)
        if document is not None:
            found[path.stem] = document
    return found


def gather_document(folder: Path, name: str, out: Complaints) -> Document | None:
    """One YAML file of a folder; None where it cannot be read or holds records of persons."""
    text = read_text(folder, name, out)
    if text is None or _records_of_persons(name, text, None, out):
        return None
    return read_yaml(name, text, out)


def _gather_rest(folder: Path, reading: Reading, out: Complaints, *, trust: bool) -> None:
    """The text of limits.md and, if trusted, of rules.py."""
    reading.limits = read_text(folder, LIMITS, out) or ""
    if not reading.limits.strip():
        out.add(156, "the case does not say what it cannot tell", LIMITS)
    if (folder / CODE).exists() and not trust:
        out.add(153, "the case holds code of its own", CODE)
    elif trust:
        reading.code = read_text(folder, CODE, out) or ""


def _look_at_other_files(folder: Path, out: Complaints) -> None:
    """Complain about files that no part of Nostoi reads, and about records of persons in them."""
    for part in ("", "evidence/", *MANY):
        where = folder / part
        if not where.is_dir() or not where.resolve().is_relative_to(folder.resolve()):
            continue
        names = sorted(part + name for name in os.listdir(where))
        for name in names:
            read = name in KNOWN_FILES or (part in MANY and name.endswith(".yaml"))
            if name.endswith((".csv", ".tsv", ".yaml", ".yml")) and not read:
                _look_at(folder, name, out)


def _look_at(folder: Path, name: str, out: Complaints) -> None:
    """One file that the format does not know."""
    text = read_text(folder, name, out)
    if text is not None and not _records_of_persons(name, text, None, out):
        out.add(155, f"no part of Nostoi reads this file{near(name, KNOWN_FILES)}", name)
