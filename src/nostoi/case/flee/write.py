"""A Flee folder as the text of its files."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from nostoi.case.flee.folder import FleeFolder, Location
from nostoi.case.flee.to_case import table
from nostoi.case.flee.words import WORDS

_TYPES = {"conflict": "conflict_zone", "idp_camp": "idpcamp", "forward": "forwarding_hub"}


def flee_files(folder: FleeFolder) -> dict[str, str]:
    """Path -> text of every file of the folder."""
    files = {
        "input_csv/locations.csv": _locations(folder),
        "input_csv/routes.csv": _routes(folder),
        "input_csv/closures.csv": table(
            ("#closure_type", "name1", "name2", "closure_start", "closure_end"),
            [(c.kind, c.name1, c.name2, c.first, c.reopens) for c in folder.closures],
        ),
        "input_csv/conflicts.csv": _conflicts(folder),
        "input_csv/sim_period.csv": f"StartDate,{folder.start}\nLength,{folder.length}\n",
        "source_data/data_layout.csv": "".join(
            table((key, *series.files), ()) for key, series in folder.series.items()
        ),
    }
    if folder.corrections:
        lines = [f"{camp},{date},normalize\n" for camp, date in folder.corrections]
        files["input_csv/registration_corrections.csv"] = "".join(lines)
    for series in folder.series.values():
        for file, counts in zip(series.files, series.counts, strict=True):
            files[f"source_data/{file}"] = "".join(f"{day},{count}\n" for day, count in counts)
    if folder.settings:
        files["simsetting.yml"] = yaml.safe_dump(_settings(folder), sort_keys=False)
    return files


def _extra(rows: Iterable[tuple[tuple[str, str], ...]]) -> list[str]:
    """Further columns in the order in which they first come."""
    return list(dict.fromkeys(word for row in rows for word, _ in row))


def _locations(folder: FleeFolder) -> str:
    extra = _extra(place.more for place in folder.locations)
    header = ("#name", "region", "country", "latitude", "longitude", "location_type",
              "conflict_date", "population", *extra)  # fmt: skip
    return table(header, [_location(place, extra) for place in folder.locations])


def _location(place: Location, extra: list[str]) -> tuple[object, ...]:
    more = dict(place.more)
    kind = _TYPES.get(place.kind, place.kind)
    return (place.name, place.region, place.country, place.latitude, place.longitude, kind,
            place.conflict_date, place.number, *(more.get(word, "") for word in extra))  # fmt: skip


def _routes(folder: FleeFolder) -> str:
    extra = _extra(link.more for link in folder.links)
    rows = []
    for link in folder.links:
        more = dict(link.more)
        cells = (more.get(word, "") for word in extra)
        rows.append((link.first, link.second, link.km, link.redirection, *cells))
    return table(("#name1", "name2", "distance", "forced_redirection", *extra), rows)


def _conflicts(folder: FleeFolder) -> str:
    names = [place.name for place in folder.locations if place.name in folder.conflicts]
    rows = [(day, *(folder.intensity(name, day) for name in names)) for day in range(folder.length)]
    return table(("#Day", *names), rows)


def _settings(folder: FleeFolder) -> dict[str, dict[str, float | list[float]]]:
    """Settings in Flee's sections and words."""
    found: dict[str, dict[str, float | list[float]]] = {}
    for section, words in WORDS.items():
        for word, (_, ours) in words.items():
            if ours in folder.settings:
                found.setdefault(section, {})[word] = folder.settings[ours]
    decay = [folder.settings[f"decay_{k}"] for k in range(1, 6) if f"decay_{k}" in folder.settings]
    if decay:
        found.setdefault("spawn_rules", {})["conflict_spawn_decay"] = list(decay)
    return found
