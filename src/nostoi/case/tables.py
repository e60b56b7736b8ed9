"""Reading a table: CSV text into rows that know their line, with complaints about its shape."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from nostoi.case.complaints import Complaints, near
from nostoi.case.quantities import shown


@dataclass(frozen=True)
class Table:
    """The rows of a file as column -> text (empty cells left out), and each row's line."""

    name: str
    rows: tuple[dict[str, str], ...] = ()
    lines: tuple[int, ...] = ()


def header_of(text: str) -> list[str]:
    """The names of the columns, empty if there is no readable header."""
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])]
    except csv.Error:
        return []


def read_table(
    name: str, text: str, columns: Collection[str], needed: Collection[str], out: Complaints
) -> Table:
    """The rows of a CSV text whose header may hold `columns` and must hold `needed`."""
    header = header_of(text)
    if not _header_fits(name, header, columns, needed, out):
        return Table(name)
    rows: list[dict[str, str]] = []
    lines: list[int] = []
    for line, cells in _records(name, text, out):
        if not cells:
            continue
        if len(cells) != len(header):
            _wrong_length(name, line, len(cells), len(header), out)
            continue
        pairs = zip(header, (cell.strip() for cell in cells), strict=True)
        rows.append({column: cell for column, cell in pairs if cell})
        lines.append(line)
    return Table(name, tuple(rows), tuple(lines))


def _header_fits(
    name: str, header: list[str], columns: Collection[str], needed: Collection[str], out: Complaints
) -> bool:
    """Whether the rows can be read under this header; complains about each column that is off."""
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        out.add(147, "the columns are not separated by commas", name, 1)
        return False
    fits = True
    for k, column in enumerate(header):
        if column not in columns:
            out.add(105, f"unknown column {shown(column)}{near(column, columns)}", name, 1, column)
            fits = False
        elif column in header[:k]:
            out.add(126, f"the column {column!r} stands twice", name, 1, column)
            fits = False
    for column in columns:
        if column in needed and column not in header:
            out.add(104, f"the column {column!r} is missing", name, 1, column)
            fits = False
    return fits


def _wrong_length(name: str, line: int, n: int, wanted: int, out: Complaints) -> None:
    """Complain about a row with too few or too many cells."""
    said = f"the row has {n} cells, the header {wanted}"
    if n < wanted:
        out.add(140, said, name, line)
    else:
        out.add(141, said, name, line)


def _records(name: str, text: str, out: Complaints) -> Iterator[tuple[int, list[str]]]:
    """The records after the header with their first line; stops at the first broken one."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            out.add(142, f"the table breaks off or a quote is wrong ({error})", name, line)
            return
        if line > 1:
            yield line, cells
        line = reader.line_num + 1
