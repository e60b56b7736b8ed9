"""The series of a Flee folder as rows of the ledger, one observer for each file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from nostoi.case.flee.folder import TOTAL, FleeFolder

PUBLISHER = "flee-data"
_ROWS = ("id", "count_type", "measure", "place", "period_end", "value", "unit", "publisher",
         "published", "confidence", "observer", "source_title")  # fmt: skip
_SOURCES = ("publisher", "name", "kind", "side", "licence", "note")
_NOTE = "dates of publication are not given; each count is taken as published on its own day"


def evidence_files(folder: FleeFolder, slug: Mapping[str, str]) -> dict[str, str]:
    """Path -> text of the four files of evidence."""
    from nostoi.case.flee.to_case import table

    publisher = (PUBLISHER, "Series of the Flee folder (in its public cases from UNHCR's portals)",
                 "estimate", "third", "see the folder", _NOTE)  # fmt: skip
    recounts = [(slug[camp], date) for camp, date in folder.corrections]
    files = {
        "evidence/observations.csv": table(_ROWS, _rows(folder, slug)),
        "evidence/sources.csv": table(_SOURCES, [publisher]),
        "evidence/observers.yaml": _observers(folder, slug),
    }
    if recounts:
        files["evidence/recounts.csv"] = table(("town", "date"), recounts)
    return files


def observer_of(key: str, k: int, slug: Mapping[str, str]) -> str:
    """Name of the observer of the k-th file of a key."""
    name = TOTAL if key == TOTAL else slug[key]
    return name if k == 0 else f"{name}.{k + 1}"


def _rows(folder: FleeFolder, slug: Mapping[str, str]) -> Iterator[tuple[str | int | dt.date, ...]]:
    """Every count of every file."""
    country = {place.name: place.country for place in folder.locations}
    for key, series in folder.series.items():
        for k, counts in enumerate(series.counts):
            observer = observer_of(key, k, slug)
            where = "ALL" if key == TOTAL else country[key]
            for day, count in counts:
                yield (f"{observer}-{day}", "stock", "all", where, day, count, "persons",
                       PUBLISHER, day, "B", observer, series.files[k])  # fmt: skip


def _observers(folder: FleeFolder, slug: Mapping[str, str]) -> str:
    """observers.yaml: one observer of family camp for each file."""
    lines: list[str] = []
    for key, series in folder.series.items():
        for k, file in enumerate(series.files):
            town = "" if key == TOTAL else f"town: {slug[key]}, "
            name = observer_of(key, k, slug)
            quoted = file.replace("'", "''")
            lines.append(f"'{name}': {{family: camp, {town}series: '{quoted}'}}\n")
    return "".join(lines)
