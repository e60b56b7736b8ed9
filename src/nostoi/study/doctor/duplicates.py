"""Duplicated evidence: rows that may be one figure told twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import combinations

from nostoi.case.ledger import Observation
from nostoi.study.doctor.chart import Chart
from nostoi.study.doctor.finding import FitFinding

Key = Callable[[Observation], Hashable]


def duplicates(chart: Chart) -> list[FitFinding]:
    """Findings 671 to 673; rows that say whom they repeat, and rows of a fit left out, are right.

    A pair that is not used counts nothing twice and is left alone.
    """
    rows = [row for row in chart.rows if row.used and not row.repeats]
    same = [FitFinding(671, True, _where(pair), len(pair), 1) for pair in _alike(rows, _figure)]
    passed = [
        FitFinding(672, False, _where(pair), len(pair), 1)
        for pair in _alike([row for row in rows if row.value], _passed_on)
        if len({row.publisher for row in pair}) == len(pair)
    ]
    titled = [row for row in rows if row.source_title]
    told = [
        FitFinding(673, False, _where(pair), len(pair), 1, {"title": pair[0].source_title})
        for pair in _alike(titled, lambda row: (row.source_title.casefold(), row.value))
        if any(_overlap(a, b) and _apart(a, b) for a, b in combinations(pair, 2))
    ]
    return [*same, *passed, *told]


def _figure(row: Observation) -> Hashable:
    """What makes two rows of one publisher the same figure."""
    return (row.value, row.low, row.high, row.place, row.group, row.period_start, row.period_end,
            row.count_type, row.measure, row.publisher)  # fmt: skip


def _passed_on(row: Observation) -> Hashable:
    """The same without the publisher."""
    return (row.value, row.place, row.group, row.period_end, row.count_type, row.measure)


def _apart(a: Observation, b: Observation) -> bool:
    """Whether neither of the other two findings speaks of the pair."""
    return _figure(a) != _figure(b) and _passed_on(a) != _passed_on(b)


def _overlap(a: Observation, b: Observation) -> bool:
    """Whether two rows speak of the same place, measure and time."""
    where = (a.place, a.measure, a.group) == (b.place, b.measure, b.group)
    return where and a.period_start <= b.period_end and b.period_start <= a.period_end


def _alike(rows: Iterable[Observation], key: Key) -> list[list[Observation]]:
    """Rows with equal keys, where there are several."""
    found: dict[Hashable, list[Observation]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return [pair for pair in found.values() if len(pair) > 1]


def _where(rows: Iterable[Observation]) -> str:
    return ", ".join(row.id for row in rows)
