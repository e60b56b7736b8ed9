"""Complementary suppression: a hidden cell must not follow from totals and the other cells.

A table with totals is a set of linear equations. An attacker who knows that cells are not negative
can bound every hidden cell by linear programming. So do we: cells are hidden, the smallest first,
until no hidden cell can be shown to lie below the threshold, or be pinned to less than a
threshold's width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SLACK = 1e-6


def extended(cells: Floats, rows: bool, columns: bool) -> Floats:
    """Cells [row, column] with the row totals and column totals that get published."""
    table = cells
    if rows:
        table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    if columns:
        table = np.vstack([table, table.sum(axis=0, keepdims=True)])
    return table


def equations(shape: tuple[int, int], rows: bool, columns: bool) -> Floats:
    """One equation per total: parts minus total = 0, over the flat extended table."""
    n_rows, n_columns = shape[0] + int(columns), shape[1] + int(rows)
    lines = []
    if rows:
        for i in range(n_rows):
            line = np.zeros((n_rows, n_columns))
            line[i, :] = 1.0
            line[i, -1] = -1.0
            lines.append(line.ravel())
    if columns:
        for j in range(n_columns):
            line = np.zeros((n_rows, n_columns))
            line[:, j] = 1.0
            line[-1, j] = -1.0
            lines.append(line.ravel())
    return np.array(lines).reshape(len(lines), n_rows * n_columns)


def bounds(table: Floats, hidden: Bools, system: Floats, cell: int) -> tuple[float, float]:
    """Least and greatest value that a hidden cell can have, given all that is published."""
    from scipy.optimize import linprog

    flat, unknown = table.ravel(), np.flatnonzero(hidden.ravel())
    known = np.flatnonzero(~hidden.ravel())
    target = -system[:, known] @ flat[known]
    cost = (unknown == cell).astype(float)
    found = []
    for sign in (1.0, -1.0):
        result = linprog(sign * cost, A_eq=system[:, unknown], b_eq=target, bounds=(0, None))
        found.append(sign * float(result.fun) if result.status == 0 else float("inf"))
    return (found[0] if np.isfinite(found[0]) else 0.0), found[1]


def exposed(table: Floats, hidden: Bools, system: Floats, threshold: float) -> list[int]:
    """Hidden cells (flat indices) that an attacker can bound too tightly."""
    found = []
    for cell in np.flatnonzero(hidden.ravel()):
        low, high = bounds(table, hidden, system, int(cell))
        if high < threshold - SLACK or high - low < threshold - SLACK:
            found.append(int(cell))
    return found


def protect(
    cells: Floats,
    threshold: float,
    *,
    rows: bool = False,
    columns: bool = False,
    known: Bools | None = None,
) -> Bools:
    """Which entries of the extended table to hide.

    Args:
        cells: counts without totals, shape [row, column], none negative.
        threshold: the least count that may be seen.
        rows: row totals are published.
        columns: column totals are published.
        known: cells that everybody knows (a move from a place to itself), never hidden.

    Returns:
        True = hide, in the shape of `extended(cells, rows, columns)`.
    """
    table = extended(np.asarray(cells, float), rows, columns)
    fixed = np.zeros(table.shape, bool)
    if known is not None:
        fixed[: known.shape[0], : known.shape[1]] = known
    hidden = np.asarray((table < threshold) & ~fixed)
    system = equations((cells.shape[0], cells.shape[1]), rows, columns)
    while len(system) and (found := exposed(table, hidden, system, threshold)):
        more = [_next(table, hidden | fixed, system, cell) for cell in found]
        chosen = [cell for cell in more if cell is not None]
        if not chosen:
            break
        hidden.ravel()[chosen] = True
    return hidden


def lines(cells: Floats, hidden: Bools, threshold: float, axes: tuple[int, ...]) -> Bools:
    """Hide until no line along an axis, whose total is known, misses too little.

    Of each line either nothing is hidden, or two cells or more that add up to the threshold: each
    of them may then be anything from zero to that sum. Meant for long arrays, where `protect`
    would solve too many programs; lines that cross are not looked at together.

    Args:
        cells: counts, any shape.
        hidden: what is hidden already.
        threshold: least count that may be seen.
        axes: along which lines add up to a total.
    """
    found = hidden.copy()
    changed = True
    while changed:
        changed = False
        for axis in axes:
            lost = np.abs(np.where(found, cells, 0.0)).sum(axis)
            missing = found.sum(axis)
            open_ = missing < found.shape[axis]
            bad = (missing > 0) & open_ & ((missing < 2) | (lost < threshold))
            if bad.any():
                least = np.argmin(np.where(found, np.inf, np.abs(cells)), axis)
                more = np.zeros(found.shape, bool)
                np.put_along_axis(more, np.expand_dims(least, axis), True, axis)
                found |= more & np.expand_dims(bad, axis)
                changed = True
    return found


def _next(table: Floats, taken: Bools, system: Floats, cell: int) -> int | None:
    """The smallest visible entry that shares an equation with the cell, else the smallest."""
    visible = ~taken.ravel()
    linked = np.zeros(visible.shape, bool)
    for line in system[system[:, cell] != 0]:
        linked |= line != 0
    for choice in (visible & linked, visible):
        found = np.flatnonzero(choice)
        if len(found):
            return int(found[np.argmin(table.ravel()[found])])
    return None
