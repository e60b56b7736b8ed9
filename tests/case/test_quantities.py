"""Quantities and vintages, each refused with its number."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from nostoi.case.quantities import FROM_FILE, Days, Months, PerDay, Share, latest_day, number

DAYS: TypeAdapter[float] = TypeAdapter(Days)


@pytest.mark.parametrize(
    ("text", "days"), [("7 days", 7), ("1 day", 1), ("2 weeks", 14), ("0.5 days", 0.5)]
)
def test_days(text: str, days: float) -> None:
    assert DAYS.validate_python(text, context=FROM_FILE) == days


@pytest.mark.parametrize(
    ("value", "number_"),
    [
        (7, "N114"),
        ("7", "N114"),
        ("7 months", "N114"),
        ("seven days", "N110"),
        ("-7 days", "N117"),
        ("nan days", "N112"),
        ("1,000 days", "N111"),
        ("days", "N110"),
        ("", "N110"),
        (True, "N114"),
        (None, "N114"),
        ([7], "N114"),
    ],
)
def test_days_are_refused(value: object, number_: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DAYS.validate_python(value, context=FROM_FILE)
    assert refused.value.errors()[0]["type"] == number_


@given(st.floats(0, 1e6))
def test_days_written_are_read_back(days: float) -> None:
    text = DAYS.dump_python(days, mode="json")
    assert DAYS.validate_python(text, context=FROM_FILE) == days
    assert DAYS.validate_python(days) == days


def test_months_shares_and_rates() -> None:
    assert TypeAdapter(Months).validate_python("4 months", context=FROM_FILE) == 4
    assert TypeAdapter(Share).validate_python("0.3 share", context=FROM_FILE) == 0.3
    assert TypeAdapter(Share).validate_python(0.3, context=FROM_FILE) == 0.3
    assert TypeAdapter(PerDay).validate_python("8500 persons per day") == 8500


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2022", dt.date(2022, 12, 31)),
        ("2022-02", dt.date(2022, 2, 28)),
        ("2022-12", dt.date(2022, 12, 31)),
        ("2022-09-21", dt.date(2022, 9, 21)),
    ],
)
def test_the_last_day_of_a_vintage(text: str, last: dt.date) -> None:
    assert latest_day(text) == last


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back(value: float) -> None:
    assert number(repr(value)) == value
