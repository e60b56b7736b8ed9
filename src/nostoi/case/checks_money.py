"""Holding money.csv against the places: currencies fit together, and every place has its money."""

from __future__ import annotations

from collections import defaultdict

from nostoi.case.checks_world import twice, unknown_place
from nostoi.case.complaints import Complaints
from nostoi.case.parse import Parts, Row
from nostoi.case.quantities import shown
from nostoi.case.schema import MoneyRow

_FILE = "money.csv"


def check_money(parts: Parts, out: Complaints) -> None:
    """All complaints about money.csv."""
    places = parts.names("places", "place")
    keyed = (((row.it.place, row.it.date, row.it.quantity), row.line) for row in parts.money)
    twice(keyed, _FILE, "this quantity of a place on a date", out)
    home = _home_currency(parts)
    known = [
        row
        for row in parts.money
        if not unknown_place(row.it.place, places, (_FILE, row.line, "place"), out)
    ]
    local: dict[str, str] = {}
    for row in known:
        _unit_fits(row, local, home, out)
    _complete(parts, known, out)


def _home_currency(parts: Parts) -> str:
    """The currency of the origin's wages, empty if the file does not say."""
    origin = parts.spec.origin if parts.spec else ""
    for row in parts.money:
        if row.it.place == origin and row.it.quantity != "exchange":
            return row.it.unit[:3]
    return ""


def _unit_fits(row: Row[MoneyRow], local: dict[str, str], home: str, out: Complaints) -> None:
    """Wage and living in one currency per month; exchange = local units per unit of the origin."""
    it, at = row.it, (_FILE, row.line, "unit")
    currency, per = it.unit.split("/")
    if (per == "month") != (it.quantity != "exchange"):
        wanted = "CUR/month" if it.quantity != "exchange" else "CUR/ORIGIN CUR"
        out.add(114, f"{shown(it.unit)} is no unit of {it.quantity} ({wanted})", *at)
    elif local.setdefault(it.place, currency) != currency:
        said = f"{shown(it.unit)} is in another currency than {local[it.place]!r} of this place"
        out.add(114, said, *at)
    elif it.quantity == "exchange" and home and per != home:
        out.add(114, f"{shown(it.unit)} is not per one {home} of the origin", *at)


def _complete(parts: Parts, known: list[Row[MoneyRow]], out: Complaints) -> None:
    """Warn about places that lack a quantity, if the case has money at all."""
    if not known or len(parts.money) < len(parts.reading.short.get("money", [])):
        return
    has: dict[str, set[str]] = defaultdict(set)
    for row in known:
        has[row.it.place].add(row.it.quantity)
    for place in parts.places:
        wanted = {"wage", "living"} | ({"exchange"} if place.it.kind == "host" else set())
        lacking = sorted(wanted - has[place.it.place])
        if lacking:
            said = f"{place.it.place!r} has no {' and no '.join(lacking)}"
            out.add(138, said, _FILE, 1, "quantity")
