"""What an engine needs and a case may leave out: money of every place, and a way to every host.

`nostoi check` only warns of it, because a case can be read, drawn and cited without.
"""

from __future__ import annotations

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case

MONEY = ("wage", "living")


def refuse_what_lacks(case: Case) -> None:
    """Nothing, if the engines can run the case.

    Raises:
        NostoiError: N310 for each place without its money, N311 for each host without a way there.
    """
    findings = [*_money(case), *_ways(case)]
    if findings:
        raise NostoiError(*findings)


def _money(case: Case) -> list[Finding]:
    has = {(row.place, row.quantity) for row in case.money}
    found = []
    for place in (case.spec.origin, *(host.place for host in case.hosts)):
        wanted = MONEY if place == case.spec.origin else (*MONEY, "exchange")
        lacks = [name for name in wanted if (place, name) not in has]
        if lacks:
            what = f"{place} has no {' and no '.join(lacks)}; the engines need it"
            do = "add a row for each quantity of each place"
            found.append(Finding(310, what, file="money.csv", do=do))
    return found


def _ways(case: Case) -> list[Finding]:
    origin, there = case.spec.origin, {(row.origin, row.to) for row in case.routes}
    return [
        Finding(
            311,
            f"no way leads from {origin} to {host.place}",
            file="routes.csv",
            do="add a row with the days and the cost of the whole trip",
        )
        for host in case.hosts
        if (origin, host.place) not in there
    ]
