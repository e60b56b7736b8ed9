"""Flee's validation data: data_layout.csv, the series of the camps, and new registrations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from nostoi.case.complaints import near
from nostoi.case.flee.cells import Cells, Source
from nostoi.case.flee.folder import TOTAL, Location, Series
from nostoi.case.quantities import shown

LAYOUT = "source_data/data_layout.csv"
CORRECTIONS = "input_csv/registration_corrections.csv"
Counts = tuple[tuple[dt.date, int], ...]


def read_series(
    source: Source, places: Sequence[Location], settings: Mapping[str, float]
) -> dict[str, Series]:
    """Key of the layout -> its files and counts; the key `total` comes first."""
    idle = all(settings.get(word, 1.0) for word in ("arrivals_from_camps", "start_in_camps"))
    table = source.table(LAYOUT, headed=False)
    if table is None:
        return {}
    camps = {place.name for place in places if place.is_camp}
    found: dict[str, Series] = {}
    for n, (line, cells) in enumerate(table):
        row = Cells(LAYOUT, line, cells, source.out)
        key, files = row.get(0), tuple(cell for cell in cells[1:] if cell)
        if (n == 0) != (key == TOTAL):
            row.add(189, "the first row, and no other, is that of the total")
        elif n and places and key not in camps:
            row.add(160, f"{shown(key)} is no camp of locations.csv{near(key, camps)}")
        if not row.long_enough(2):
            continue
        if key in found:
            row.add(126, f"the key {shown(key)} stands twice")
            continue
        found[key] = Series(
            files, tuple(_counts(source, name, idle and key == TOTAL) for name in files)
        )
    for camp in sorted(camps - set(found)):
        source.out.add(189, f"the camp {camp!r} has no row", LAYOUT, len(table.rows))
    return found


def _counts(source: Source, name: str, idle: bool) -> Counts:
    """Counts of one file in the order of dates; `idle` where no rule reads them."""
    file = f"source_data/{name}"
    if "/" in name or "\\" in name or name.startswith("."):
        source.out.add(152, f"{shown(name)} is no plain name of a file", LAYOUT)
        return ()
    table = source.table(file, headed=False)
    found: dict[dt.date, tuple[int, int]] = {}
    before: dt.date | None = None
    for line, cells in table or ():
        row = Cells(file, line, cells, source.out)
        if len(cells) < 2 or not cells[1]:
            row.add(195, "the row has no count and is skipped")
            continue
        day, count = row.date(0, "date"), row.whole(1, "count")
        if day is None or count is None:
            continue
        if count < 0:
            row.add(411, "a count is negative", "count")
        if idle and day not in found and before is not None and day < before:
            row.add(195, f"{day} comes after {before}, in a total that moves nobody", "date")
        else:
            _in_order(row, day, count, before, found)
        found.setdefault(day, (count, line))
        before = day
    if table is not None and not table.rows:
        source.out.add(157, "the table has no rows", file, 1)
    if any(len(cells) > 2 and any(cells[2:]) for _, cells in table or ()):
        source.out.add(195, "columns after the second are not read", file, 1)
    return tuple((day, found[day][0]) for day in sorted(found))


def _in_order(
    row: Cells,
    day: dt.date,
    count: int,
    before: dt.date | None,
    found: Mapping[dt.date, tuple[int, int]],
) -> None:
    """Say where a date comes too late or twice."""
    if day in found:
        kept, line = found[day]
        said = f"{day} stands in line {line} too"
        row.add(128, f"{said}, with {kept}; {count} is left out" if kept != count else said, "date")
    elif before is not None and day < before:
        row.add(193, f"{day} comes after {before}", "date")


def read_corrections(
    source: Source, series: Mapping[str, Series], start: dt.date | None
) -> tuple[tuple[str, dt.date], ...]:
    """(camp, date) of each new registration that acts, in the order of the file."""
    table = source.table(CORRECTIONS, needed=False)
    found: list[tuple[str, dt.date]] = []
    for line, cells in table or ():
        row = Cells(CORRECTIONS, line, cells, source.out)
        camp, day = row.get(0), row.date(1, "date") if row.long_enough(2) else None
        if series and camp not in series:
            row.add(160, f"{shown(camp)} has no series{near(camp, series)}", "camp")
            continue
        if day is None:
            continue
        dates = {date for counts in series[camp].counts for date, _ in counts} if series else {day}
        if start is not None and day < start:
            row.add(197, f"{day} lies before the period, so nothing is corrected", "date")
        elif day not in dates:
            row.add(188, f"the series of {camp!r} has no count of {day}", "date")
        else:
            found.append((camp, day))
    return tuple(found)
