"""What two stock tables imply about flows: demographic accounting and its alternative.

A stock table counts persons by birthplace (row) and residence (column). Two of them, at the start
and at the end of a period, do not say who moved, yet they bound it: for each birthplace the stocks
are the margins of an unseen table "from residence, to residence".

- `minimum_flows` keeps as many people in place as the tables allow (Abel 2013, *Demographic
  Research* 28:505-546): the smallest migration that explains the tables.
- `independent_flows` lets nobody stay by preference: far more moves, among them returns that
  cancel each other out in the stocks.
- `mixed_flows` weighs the two (Azose and Raftery 2019, *PNAS* 116:116-122).

Births and deaths change stocks too. `close_accounts` takes them out first and then makes the
birthplace totals of the two tables agree, in one of the ways of Abel and Cohen (2019, *Scientific
Data* 6:82). Tables are NumPy arrays of persons, shape [birthplace, place]; flows have shape
[birthplace, from, to], with those who stay on the diagonal.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Table = NDArray[np.float64]
Closing = Literal["outside", "rescale"]


def minimum_flows(start: ArrayLike, end: ArrayLike, seed: ArrayLike | None = None) -> Table:
    """Smallest flows that lead from one stock table to the other, persons [birthplace, from, to].

    `seed` [from, to] weighs the moves (say, by nearness); without it all moves weigh the same.
    Raises ValueError when the tables do not have the same birthplace totals.
    """
    first, last, weight = _checked(start, end, seed)
    stay = np.minimum(first, last)
    flows = np.stack(
        [
            proportional_fit(weight, lost, gained)
            for lost, gained in zip(first - stay, last - stay, strict=True)
        ]
    )
    here = np.arange(stay.shape[1])
    flows[:, here, here] = stay
    return flows


def independent_flows(start: ArrayLike, end: ArrayLike, seed: ArrayLike | None = None) -> Table:
    """Flows when residence at the end does not depend on residence at the start.

    Persons [birthplace, from, to]; see `minimum_flows` for the arguments and errors.
    """
    first, last, weight = _checked(start, end, seed)
    rows = zip(first, last, strict=True)
    return np.stack([proportional_fit(weight, leaving, coming) for leaving, coming in rows])


def mixed_flows(start: ArrayLike, end: ArrayLike, weight: float = 0.87) -> Table:
    """Weighted mean of the two: `weight` times minimum flows, the rest independent flows."""
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"the weight of the minimum flows is a share 0..1, not {weight}")
    return weight * minimum_flows(start, end) + (1.0 - weight) * independent_flows(start, end)


def moves(flows: Table) -> Table:
    """Persons who moved, all birthplaces together [from, to]; the diagonal is zero."""
    table: Table = flows.sum(axis=0)
    np.fill_diagonal(table, 0.0)
    return table


def close_accounts(
    start: ArrayLike,
    end: ArrayLike,
    births: ArrayLike,
    deaths: ArrayLike,
    way: Closing = "rescale",
) -> tuple[Table, Table]:
    """Take births and deaths [place] out of two stock tables and make their totals agree.

    Deaths in a place fall on its birthplaces in proportion; children live where they were born.
    What then still differs per birthplace is either a move from or to the world *outside* the
    tables (the larger total shrinks to the smaller), or an error of measurement, shared by both
    tables so that every place keeps its total (*rescale*; needs equal sums of both tables).
    Raises ValueError when a table would turn negative or the sums differ.
    """
    first, last = np.asarray(start, float), np.asarray(end, float)
    residents = first.sum(axis=0)
    share = np.divide(first, residents, out=np.zeros_like(first), where=residents > 0)
    first = first - share * np.asarray(deaths, float)
    last = last - np.diag(np.asarray(births, float))
    if (first < 0).any() or (last < 0).any():
        raise ValueError("more births or deaths than residents in a cell of the stock tables")
    before, after = first.sum(axis=1), last.sum(axis=1)
    if way == "outside":
        common = np.minimum(before, after)
        return _scaled(first, common, before), _scaled(last, common, after)
    middle = (before + after) / 2.0
    return (
        proportional_fit(first, middle, first.sum(axis=0)),
        proportional_fit(last, middle, last.sum(axis=0)),
    )


def proportional_fit(
    seed: Table, rows: Table, columns: Table, tolerance: float = 1e-10, most: int = 10_000
) -> Table:
    """Iterative proportional fitting: a table in the seed's pattern with the given margins.

    Zeros of the seed stay zeros. Raises ValueError when the margins have different sums, or when
    the seed's zeros leave no such table, or only one with further zeros.
    """
    total = float(rows.sum())
    if not np.isclose(total, columns.sum(), rtol=1e-9, atol=1e-9):
        raise ValueError(f"row totals sum to {total:g}, column totals to {columns.sum():g}")
    table = np.asarray(seed, float).copy()
    for _ in range(most):
        table = _scaled(table, rows, table.sum(axis=1))
        table = _scaled(table.T, columns, table.sum(axis=0)).T
        gap = np.abs(table.sum(axis=1) - rows).max() + np.abs(table.sum(axis=0) - columns).max()
        if gap <= tolerance * max(total, 1.0):
            return table
    raise ValueError("no table has these margins with these zeros (or only one at the edge)")


def _scaled(table: Table, wanted: Table, present: Table) -> Table:
    """Rows of a table scaled from the totals they have to the totals they should have."""
    factor = np.divide(wanted, present, out=np.zeros_like(wanted), where=present > 0)
    scaled: Table = table * factor[:, None]
    return scaled


def _checked(
    start: ArrayLike, end: ArrayLike, seed: ArrayLike | None
) -> tuple[Table, Table, Table]:
    """The tables as float arrays, after the checks that every method needs."""
    first, last = np.asarray(start, float), np.asarray(end, float)
    if first.ndim != 2 or first.shape != last.shape:
        raise ValueError(f"stock tables of shapes {first.shape} and {last.shape} do not match")
    if (first < 0).any() or (last < 0).any():
        raise ValueError("a stock table holds negative persons")
    before, after = first.sum(axis=1), last.sum(axis=1)
    if not np.allclose(before, after, rtol=1e-6):
        row = int(np.argmax(np.abs(before - after)))
        raise ValueError(
            f"birthplace {row} has {before[row]:g} persons at the start and {after[row]:g} at the "
            "end; take births, deaths and moves from outside out with close_accounts"
        )
    last = _scaled(last, before, after)
    places = first.shape[1]
    weight = np.ones((places, places)) if seed is None else np.asarray(seed, float)
    return first, last, weight
