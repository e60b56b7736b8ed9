"""Flee's sim_period.csv and simsetting.yml: the days of a run and its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from nostoi.case.complaints import near
from nostoi.case.flee.cells import Cells, Source
from nostoi.case.flee.words import IDLE, WORDS
from nostoi.case.quantities import shown
from nostoi.case.yamls import Document, read_yaml

PERIOD = "input_csv/sim_period.csv"
SETTINGS = ("simsetting.yml", "input_csv/simsetting.yml")


def read_period(source: Source) -> tuple[dt.date | None, int]:
    """First day and number of days; (None, 0) with complaints."""
    table = source.table(PERIOD, headed=False)
    start: dt.date | None = None
    length: int | None = None
    seen: set[str] = set()
    for line, cells in table or ():
        row = Cells(PERIOD, line, cells, source.out)
        if not row.long_enough(2):
            continue
        seen.add(row.get(0))
        if row.get(0) == "StartDate":
            start = row.date(1, "StartDate")
        elif row.get(0) == "Length":
            length = row.whole(1, "Length")
            if length is not None and length < 2:
                row.add(117, f"a period of {length} days", "Length")
        else:
            row.add(101, f"unknown key {shown(row.get(0))}{near(row.get(0), _KEYS)}")
    for key in _KEYS if table is not None else ():
        if key not in seen:
            source.out.add(102, f"the key {key!r} is missing", PERIOD, 1, key)
    return start, max(length or 0, 0)


_KEYS = ("StartDate", "Length")


def read_settings(source: Source) -> dict[str, float]:
    """Words of simsetting.yml that the rules know -> value; unknown words are complained about."""
    file = next((name for name in SETTINGS if source.there(name)), None)
    text = None if file is None else source.text(file)
    document = None if file is None or text is None else read_yaml(file, text, source.out)
    if file is None or document is None:
        return {}
    found: dict[str, float] = {}
    if not isinstance(document.data, Mapping):
        source.out.add(108, "the file should be keys and values", file, 1)
        return {}
    for section, block in document.data.items():
        if section not in WORDS:
            row = document.locate((section,))[0]
            source.out.add(101, f"unknown key {shown(section)}{near(section, WORDS)}", file, row)
        elif section not in IDLE:
            found |= _section(section, block, document, source)
    return found


def _section(section: str, block: object, document: Document, source: Source) -> dict[str, float]:
    """The settings of one section."""
    if not isinstance(block, Mapping):
        row = document.locate((section,))[0]
        source.out.add(108, f"{section} should be keys and values", document.name, row)
        return {}
    found: dict[str, float] = {}
    for word, value in block.items():
        row, column = document.locate((section, word))
        if word not in WORDS[section]:
            said = f"unknown key {shown(word)}{near(str(word), WORDS[section])}"
            source.out.add(101, said, document.name, row, column)
            continue
        default, read = WORDS[section][word]
        if word == "conflict_spawn_decay" and isinstance(value, list):
            found |= {f"decay_{k + 1}": float(part) for k, part in enumerate(value[:5])}
            continue
        plain = int(value) if isinstance(value, bool) else value
        if not isinstance(plain, int | float):
            said = f"{shown(value)} is text; Flee would take it for true"
            source.out.add(110, said, document.name, row, column, "write the value without quotes")
        elif read:
            found[read] = float(plain)
        elif plain != default:
            said = f"{word} = {value} switches on what Nostoi does not have"
            source.out.add(196, said, document.name, row, column)
    return found
