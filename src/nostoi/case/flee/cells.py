"""Reading one of Flee's tables: rows with their line, cells with a complaint where they are off."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError

from nostoi.case.complaints import Complaints
from nostoi.case.quantities import day, number, shown
from nostoi.case.text import read_text

_WORD = re.compile(r"[^\W\d_][\w -]*")
_MATCHED = {
    "input_csv/locations.csv": (0, 2),
    "input_csv/routes.csv": (0, 1),
    "input_csv/closures.csv": (0, 1, 2),
    "input_csv/registration_corrections.csv": (0,),
    "source_data/data_layout.csv": (0,),
}
"""Columns whose words are looked up elsewhere, sign by sign."""
_HEADS = "input_csv/conflicts.csv"


@dataclass(frozen=True)
class Rows:
    """A table without its header: cells without spaces around them, and the line of each row."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(line, cells) of every row."""
        return iter(zip(self.lines, self.rows, strict=True))


@dataclass(frozen=True)
class Source:
    """The folder that is read and where complaints go."""

    folder: Path
    out: Complaints

    def there(self, name: str) -> bool:
        """Whether the folder has this file."""
        return (self.folder / name).is_file()

    def text(self, name: str, *, needed: bool = True) -> str | None:
        """Text of a file, None with a complaint if it cannot be read or is needed and not there."""
        before = len(self.out.errors)
        text = read_text(self.folder, name, self.out)
        if text is None and needed and len(self.out.errors) == before:
            self.out.add(103, f"the file {name} is missing", name)
        return text

    def table(self, name: str, *, headed: bool = True, needed: bool = True) -> Rows | None:
        """Rows of a file; lines that start with # are comments, the first of them the header."""
        text = self.text(name, needed=needed)
        return None if text is None else _table(name, text, headed, self.out)


def _table(name: str, text: str, headed: bool, out: Complaints) -> Rows | None:
    """Rows of a text, or None where its quotes are broken."""
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    spaced: dict[int, list[int]] = {192: [], 129: []}
    line = 1
    try:
        for cells in reader:
            here, line = line, reader.line_num + 1
            if not "".join(cells).strip():
                continue
            plain = tuple(cell.strip() for cell in cells)
            first = not header and not rows
            if cells[0].startswith("#"):
                header = (plain[0][1:].strip(), *plain[1:]) if first else header
                if first and name == _HEADS and plain[1:] != tuple(cells[1:]):
                    spaced[129].append(here)
            elif headed and first and _is_header(plain):
                out.add(
                    191, "the header does not start with '#', so it is read as data", name, here
                )
                header = plain
            else:
                number = _spaces(name, cells, plain)
                if number:
                    spaced[number].append(here)
                rows.append(plain)
                lines.append(here)
    except csv.Error as error:
        out.add(142, f"the table breaks off or a quote is wrong ({error})", name, line)
        return None
    for number, found in spaced.items():
        if found:
            more = f" (and in {len(found) - 1} further rows)" if len(found) > 1 else ""
            out.add(number, f"there are spaces around a {_SPACED[number]}{more}", name, found[0])
    return Rows(name, header, tuple(rows), tuple(lines))


_SPACED = {192: "name", 129: "word"}


def _spaces(file: str, cells: Sequence[str], plain: Sequence[str]) -> int:
    """Number of the complaint about spaces around the words of a row; 0 where there are none."""
    odd = [
        k
        for k, (cell, word) in enumerate(zip(cells, plain, strict=True))
        if cell != word and _WORD.match(word)
    ]
    if not odd:
        return 0
    return 192 if set(odd) & set(_MATCHED.get(file, ())) else 129


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first line is a header that lacks its mark: words, and no number among them."""
    words = [cell for cell in cells if cell]
    known = {"name", "name1", "closure_type", "day"}
    return cells[0].lower() in known or (len(words) > 3 and all(_WORD.fullmatch(w) for w in words))


@dataclass(frozen=True)
class Cells:
    """The cells of one row, read with complaints that know file, line and column."""

    file: str
    line: int
    cells: tuple[str, ...]
    out: Complaints

    def get(self, k: int) -> str:
        """Text of a cell; empty beyond the end of the row."""
        return self.cells[k] if k < len(self.cells) else ""

    def long_enough(self, n: int) -> bool:
        """Whether the row has at least n cells; says so if not."""
        if len(self.cells) >= n:
            return True
        self.out.add(
            140, f"the row has {len(self.cells)} cells; Flee reads {n}", self.file, self.line
        )
        return False

    def real(self, k: int, column: str) -> float:
        """A finite number; NaN with a complaint."""
        try:
            return number(self.get(k)) if self.get(k) else self._empty(column)
        except PydanticCustomError as error:
            self._odd(error, column)
            return math.nan

    def whole(self, k: int, column: str, *, blank: int | None = None) -> int | None:
        """A whole number; `blank` for an empty cell, None with a complaint."""
        text = self.get(k)
        if not text and blank is not None:
            return blank
        if re.fullmatch(r"[+-]?[0-9]+", text):
            return int(text)
        value = self.real(k, column)
        if not math.isnan(value):
            said = f"{shown(text)} is not a whole number as Flee reads it"
            self.out.add(110, said, self.file, self.line, column)
        return None

    def date(self, k: int, column: str) -> dt.date | None:
        """A day written YYYY-MM-DD; None with a complaint."""
        try:
            return day(self.get(k))
        except PydanticCustomError as error:
            self._odd(error, column)
            return None

    def add(self, number: int, what: str, column: str = "", do: str = "") -> None:
        """A complaint about this row."""
        self.out.add(number, what, self.file, self.line, column, do)

    def _empty(self, column: str) -> float:
        self.add(106, f"the cell {column!r} is empty", column)
        return math.nan

    def _odd(self, error: PydanticCustomError, column: str) -> None:
        self.add(int(error.type[1:]), error.message(), column)
