"""Quantities as people write them: ``7 days``, ``4 months``, ``0.3 share``, ``2022-09-21``.

Inside Nostoi a quantity is a plain float in one fixed unit (days, months, persons, a share); the
unit stops at this border. Every refusal carries its number in the catalogue as the type of the
pydantic error (``N114``), so that `complaints` can turn it into a finding with a place.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([,' _\u00a0\u2009\u202f][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_VINTAGE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_NOT_FINITE = {"nan", "inf", "infinity"}

FROM_FILE: Mapping[str, bool] = {"from_file": True}
"""Validation context of values read from a file, where a quantity must name its unit."""


def shown(value: object) -> str:
    """A value as a complaint may quote it: short, on one line."""
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else text[:37] + "...")


def refuse(number: int, what: str) -> PydanticCustomError:
    """The pydantic error that `complaints` turns into finding `number`."""
    return PydanticCustomError(f"N{number}", "{what}", {"what": what})


def number(value: object) -> float:
    """A finite float from a number or from plain text such as ``8500`` or ``-0.3``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise refuse(110, f"{shown(value)} is not a number")
    if isinstance(value, str):
        _refuse_odd_text(value.strip())
    found = float(value)
    if not math.isfinite(found):
        raise refuse(112, f"{shown(value)} is not a finite number")
    return found


def _refuse_odd_text(text: str) -> None:
    """Refuse text that is no number, saying which habit of writing numbers is the trouble."""
    if _NUMBER.fullmatch(text):
        return
    if text.lstrip("+-.").lower() in _NOT_FINITE:
        raise refuse(112, f"{shown(text)} is not a finite number")
    if _GROUPED.fullmatch(text) or _DECIMAL_COMMA.fullmatch(text):
        raise refuse(111, f"{shown(text)} has a separator inside the number")
    raise refuse(110, f"{shown(text)} is not a number")


def whole(value: object) -> int:
    """A whole number, also when written ``4.0``."""
    found = number(value)
    if found != int(found):
        raise refuse(110, f"{shown(value)} is not a whole number")
    return int(found)


def day(value: object) -> dt.date:
    """A calendar day from ISO text (``2022-09-21``) or a date."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value.strip()):
        raise refuse(113, f"{shown(value)} is not a date")
    try:
        return dt.date.fromisoformat(value.strip())
    except ValueError:
        raise refuse(113, f"{shown(value)} is not a day of the calendar") from None


def vintage(value: object) -> str:
    """A date of publication as ``2022``, ``2022-09`` or ``2022-09-21``, kept as text."""
    text = str(value).strip()
    if not _VINTAGE.fullmatch(text):
        raise refuse(113, f"{shown(value)} is not a day, a month or a year")
    latest_day(text)
    return text


def latest_day(text: str) -> dt.date:
    """The last day that a vintage may mean (``2022-09`` -> 30 September 2022)."""
    try:
        if len(text) == 10:
            return dt.date.fromisoformat(text)
        year, month = int(text[:4]), int(text[5:7] or 12)
        first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
        return first_of_next - dt.timedelta(days=1)
    except ValueError:
        raise refuse(113, f"{shown(text)} is not a day, a month or a year") from None


def yes_or_no(value: object) -> bool:
    """A bool from ``yes``, ``no`` or a bool."""
    words = {"yes": True, "no": False}
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text not in words:
        raise refuse(107, f"{shown(value)} is neither yes nor no")
    return words[text]


@dataclass(frozen=True)
class Unit:
    """A unit with its spellings (spelling -> how many of the unit); `bare` allows plain numbers."""

    name: str
    spellings: Mapping[str, float]
    bare: bool = False

    def read(self, value: object, info: ValidationInfo) -> float:
        """The quantity in this unit; raises N110-N114, or N117 if negative."""
        text, factor = value, 1.0
        if isinstance(value, str):
            text, factor = self._split(value)
        elif not self.bare and (info.context or {}).get("from_file"):
            raise refuse(114, f"{shown(value)} has no unit; it should read like '7 {self.name}'")
        found = number(text) * factor
        if found < 0:
            raise refuse(117, f"{shown(value)} is negative")
        return found

    def _split(self, text: str) -> tuple[str, float]:
        """The number's text and the factor of its unit."""
        parts = text.split(maxsplit=1)
        if len(parts) == 2 and parts[1].lower() in self.spellings:
            return parts[0], self.spellings[parts[1].lower()]
        if self.bare and _NUMBER.fullmatch(text.strip()):
            return text, 1.0
        if len(parts) == 2 and _NUMBER.fullmatch(parts[0]):
            raise refuse(114, f"{shown(text)} should be in {self.name}")
        if _NUMBER.fullmatch(text.strip()):
            raise refuse(114, f"{shown(text)} has no unit; it should read like '7 {self.name}'")
        number(text)
        raise refuse(110, f"{shown(text)} is not a number with a unit")

    def write(self, value: float) -> str:
        """The quantity as text that `read` takes back unchanged."""
        return f"{int(value) if value == int(value) else value!r} {self.name}"

    def json_schema(self) -> dict[str, Any]:
        """What an editor may accept."""
        names = "|".join(sorted(self.spellings))
        text = {"type": "string", "pattern": rf"^\s*[0-9.eE+-]+\s+({names})\s*$"}
        return {"anyOf": [text, {"type": "number", "minimum": 0}]} if self.bare else text


def whole_days(value: float) -> float:
    """The same days, if there is no part of a day among them."""
    if value != int(value):
        raise refuse(117, f"{value:g} days are not whole days")
    return value


def share(value: object, info: ValidationInfo) -> float:
    """A share between 0 and 1, as ``0.3`` or ``0.3 share``."""
    found = number(value) if not isinstance(value, str) else _SHARE.read(value, info)
    if not 0 <= found <= 1:
        raise refuse(115, f"{shown(value)} is not a share between 0 and 1")
    return found


_DAYS = Unit("days", {"day": 1, "days": 1, "week": 7, "weeks": 7})
_MONTHS = Unit("months", {"month": 1, "months": 1})
_PERSONS = Unit("persons", {"person": 1, "persons": 1}, bare=True)
_PER_DAY = Unit("persons per day", {"persons per day": 1, "crossings per day": 1}, bare=True)
_SHARE = Unit("share", {"share": 1}, bare=True)

Number = Annotated[float, BeforeValidator(number)]
Positive = Annotated[float, BeforeValidator(number), Field(gt=0)]
NotNegative = Annotated[float, BeforeValidator(number), Field(ge=0)]
Whole = Annotated[int, BeforeValidator(whole)]
Date = Annotated[dt.date, BeforeValidator(day)]
Vintage = Annotated[str, BeforeValidator(vintage)]
YesNo = Annotated[
    bool,
    BeforeValidator(yes_or_no),
    PlainSerializer(lambda v: "yes" if v else "no", when_used="json"),
    WithJsonSchema({"enum": ["yes", "no", True, False]}),
]
Share = Annotated[
    float,
    BeforeValidator(share),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]}),
]
Days = Annotated[
    float,
    BeforeValidator(_DAYS.read),
    PlainSerializer(_DAYS.write, when_used="json"),
    WithJsonSchema(_DAYS.json_schema()),
]
WholeDays = Annotated[Days, AfterValidator(whole_days)]
Months = Annotated[
    float,
    BeforeValidator(_MONTHS.read),
    PlainSerializer(_MONTHS.write, when_used="json"),
    WithJsonSchema(_MONTHS.json_schema()),
]
Persons = Annotated[float, BeforeValidator(_PERSONS.read), WithJsonSchema(_PERSONS.json_schema())]
PerDay = Annotated[float, BeforeValidator(_PER_DAY.read), WithJsonSchema(_PER_DAY.json_schema())]
