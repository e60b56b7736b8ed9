"""Reading a Flee folder: everything that is wrong at once, and what it says if it is clear."""

from __future__ import annotations

from pathlib import Path

from nostoi.base.errors import Finding
from nostoi.case.complaints import Complaints
from nostoi.case.flee.cells import Source
from nostoi.case.flee.closing import FILE as CLOSURES
from nostoi.case.flee.closing import Closings, look_at_seals, read_closures
from nostoi.case.flee.conflicts import read_conflicts
from nostoi.case.flee.folder import FleeFolder
from nostoi.case.flee.locations import read_locations, read_routes
from nostoi.case.flee.period import read_period, read_settings
from nostoi.case.flee.stocks import read_corrections, read_series

READ = frozenset(
    {"locations.csv", "routes.csv", "closures.csv", "conflicts.csv", "sim_period.csv",
     "registration_corrections.csv", "simsetting.yml"}
)  # fmt: skip
MENDABLE = frozenset({144, 191, 192, 193, 199})
"""Defects that change what a folder says, and that have one reading only."""
WITHOUT_EFFECT = frozenset({"README.md", "LICENSE"})


def read_flee(folder: Path, mend: bool = False) -> tuple[FleeFolder | None, tuple[Finding, ...]]:
    """What a folder with `input_csv` and `source_data` says, and all findings about it.

    The folder is None if anything stops it. Warnings are defects that move nobody, or that were
    mended as they say.

    Args:
        folder: the folder.
        mend: whether the defects of `MENDABLE` are mended and said; else they stop.
    """
    out = Complaints(stopping=frozenset() if mend else MENDABLE)
    for part in ("", "input_csv", "source_data"):
        if not (folder / part).is_dir():
            out.add(180, f"there is no folder {part or folder.name!r}", part or str(folder))
    if out.errors:
        return None, out.in_order()
    source = Source(folder, out)
    start, length = read_period(source)
    places = read_locations(source)
    names = {place.name for place in places}
    closings = read_closures(source, places)
    settings = read_settings(source)
    series = read_series(source, places, settings)
    parts = FleeFolder(
        name=folder.resolve().name,
        start=start,  # type: ignore[arg-type]  # None only with an error, and then nobody sees it
        length=length,
        locations=places,
        links=read_routes(source, names),
        closures=closings.rows,
        conflicts=read_conflicts(source, names, length),
        series=series,
        corrections=read_corrections(source, series, start),
        settings=settings,
    )
    _look_at_other_files(folder, out)
    if not out.errors:
        _look_at_the_whole(parts, closings, source)
    return (None if out.errors else parts), out.in_order()


def _look_at_the_whole(folder: FleeFolder, closings: Closings, source: Source) -> None:
    """What only shows when the files are held together."""
    look_at_seals(folder, closings, source)
    for closure, line in zip(closings.rows, closings.lines, strict=True):
        if closure.first >= folder.length:
            said = f"it would begin on day {closure.first}; the period has {folder.length}"
            source.out.add(197, said, CLOSURES, line, "closure_start")
    if not folder.conflicts:
        source.out.add(187, "there is no conflict at all", "input_csv/conflicts.csv", 1)
    if not folder.camps:
        source.out.add(189, "there is no camp", "input_csv/locations.csv", 1, "location_type")


def _look_at_other_files(folder: Path, out: Complaints) -> None:
    """Warn about files of the input that are not taken over."""
    for path in sorted((folder / "input_csv").iterdir()):
        if path.name not in READ | WITHOUT_EFFECT:
            out.add(196, "this file is not taken over", f"input_csv/{path.name}")
