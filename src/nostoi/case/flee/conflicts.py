"""Flee's conflicts.csv: where a conflict drives people out, day by day."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from nostoi.case.complaints import near
from nostoi.case.flee.cells import Cells, Rows, Source
from nostoi.case.flee.folder import Runs
from nostoi.case.quantities import shown

FILE = "input_csv/conflicts.csv"


def read_conflicts(source: Source, names: Collection[str], length: int) -> dict[str, Runs]:
    """Spells of conflict by location; columns without any conflict are left out."""
    table = source.table(FILE)
    if table is None:
        return {}
    columns = _columns(table, names, source)
    days = [Cells(FILE, line, cells, source.out) for line, cells in table]
    if length and len(days) < length:
        said = f"the table has {len(days)} days, the period {length}"
        source.out.add(185, said, FILE, days[-1].line if days else 1)
    kept = days[: length or None]
    for k, row in enumerate(kept):
        day = row.whole(0, "Day")
        if day is not None and day != k:
            said = f"this is day {k} of the period, not {day}: Flee counts rows"
            row.add(186, said, "Day")
            break
    spells = {name: _spells(kept, k, name) for k, name in columns}
    found = {name: runs for name, runs in spells.items() if runs}
    _ignored(found, names, table, source)
    _quiet(found, kept, source)
    _changing(found, source)
    return {name: runs for name, runs in found.items() if name in names or not names}


def _columns(table: Rows, names: Collection[str], source: Source) -> list[tuple[int, str]]:
    """(number, name) of the columns with a name; complains about names that stand twice."""
    header = table.header
    if not header:
        source.out.add(191, "the table has no header that starts with '#Day'", FILE, 1)
    seen: dict[str, int] = {}
    for k, name in enumerate(header):
        if k and name in seen and name:
            source.out.add(126, f"the column {name!r} stands twice", FILE, 1, name)
        if k and name:
            seen.setdefault(name, k)
    return [(k, name) for name, k in seen.items()]


def _spells(days: Sequence[Cells], k: int, name: str) -> Runs:
    """Runs of equal intensity above zero in one column."""
    runs: list[tuple[int, int, float]] = []
    for day, row in enumerate(days):
        text = row.get(k)
        value = float(text) if text in ("0", "1") else _share(row, k, name)
        if math.isnan(value):
            return ()
        if value <= 0:
            continue
        if runs and runs[-1][1] == day and runs[-1][2] == value:
            runs[-1] = (runs[-1][0], day + 1, value)
        else:
            runs.append((day, day + 1, value))
    return tuple(runs)


def _share(row: Cells, k: int, name: str) -> float:
    """An intensity in 0..1, NaN with a complaint."""
    value = row.real(k, name)
    if not 0 <= value <= 1 and not math.isnan(value):
        row.add(115, f"{shown(row.get(k))} is not a share between 0 and 1", name)
        return math.nan
    return value


def _ignored(
    found: Mapping[str, Runs], names: Collection[str], table: Rows, source: Source
) -> None:
    """Names that locations.csv does not know: an error with conflict, a remark without."""
    for name in table.header[1:] if names else ():
        if not name or name in names:
            continue
        said = f"unknown location {shown(name)}{near(name, names)}"
        if name in found:
            source.out.add(160, said, FILE, 1, name)
        else:
            source.out.add(195, f"{said}; its column holds no conflict", FILE, 1, name)
    if "" in table.header[1:]:
        source.out.add(195, "a column without a name ends the header", FILE, 1)


def _quiet(found: Mapping[str, Runs], days: Sequence[Cells], source: Source) -> None:
    """Complain about the first day without any conflict: nobody could come from anywhere."""
    active = {day for runs in found.values() for first, end, _ in runs for day in range(first, end)}
    quiet = [day for day in range(len(days)) if day not in active]
    if quiet:
        said = f"no conflict is active on day {quiet[0]} ({len(quiet)} such days)"
        source.out.add(187, said, FILE, days[quiet[0]].line)


def _changing(found: Mapping[str, Runs], source: Source) -> None:
    """Warn where an intensity changes while the conflict goes on."""
    for name, runs in found.items():
        if any(a[1] == b[0] for a, b in pairwise(runs)):
            said = f"the strength of {name!r} changes during a conflict, which Flee does not see"
            source.out.add(198, said, FILE, 1, name)
            return
