"""Disclosure control: everything that leaves this floor passes the gate.

Counts of persons below the threshold are withheld, as values and as quantiles (an interval from 0
to 7 reveals as much as a count); what remains is rounded. Shares are withheld when the persons that
they count, or the persons that they are a share of, are too few. Tables with totals get
complementary suppression. `Released` rows can be made only here, and the writers of tables and
figures accept only `Released` rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nostoi.base.withheld import shown
from nostoi.case.schema import Disclosure
from nostoi.present.complementary import Bools, Floats, extended, lines, protect
from nostoi.present.summary import Estimate

Cell = float | str | None
Row = dict[str, Cell]


@dataclass(frozen=True)
class Released:
    """Rows that may leave: withheld cells are None, and the row says so.

    Attributes:
        rows: tidy rows.
        withheld: number of cells withheld.
        control: threshold and rounding that they passed; empty for rows that count nobody.
    """

    rows: tuple[Row, ...]
    withheld: int = 0
    control: str = ""


def uncounted(rows: Sequence[Row], seen: Released | None = None) -> Released:
    """Rows that count no persons (scores, ratios), or are made of rows that passed already.

    Args:
        rows: tidy rows.
        seen: what they are made of; says what was withheld and how.
    """
    if seen is None:
        return Released(tuple(dict(row) for row in rows))
    return Released(tuple(dict(row) for row in rows), seen.withheld, seen.control)


@dataclass(frozen=True)
class Gate:
    """The threshold and rounding of a case.

    Attributes:
        threshold: least count of persons that may be seen.
        round_to: counts are rounded to multiples of this.
    """

    threshold: float = 10.0
    round_to: float = 5.0

    @classmethod
    def of(cls, asked: Disclosure) -> Gate:
        """The gate of a case; the case may raise the threshold of 10, and lowers it never."""
        return cls(float(asked.threshold), float(asked.round_to))

    def __str__(self) -> str:
        """Threshold and rounding in words, for what is written beside the numbers."""
        return f"threshold {self.threshold:g} persons, rounded to {self.round_to:g}"

    def count(self, value: float | None) -> float | None:
        """A count that may leave, or None; compared as a number before and after rounding."""
        return shown(value, self.threshold, self.round_to)

    def share(self, value: float | None, base: float) -> float | None:
        """A share that may leave: neither it, nor its base, counts too few persons."""
        if value is None or not math.isfinite(value) or not math.isfinite(base):
            return None
        if base < self.threshold or value * base < self.threshold:
            return None
        return value

    def estimate(self, e: Estimate) -> Estimate:
        """An estimate of a count of persons, part by part."""
        return e.with_values([self.count(value) for value in e.values()])

    def share_estimate(self, e: Estimate, base: float) -> Estimate:
        """An estimate of a share of `base` persons (take a low quantile to be careful)."""
        return e.with_values([self.share(value, base) for value in e.values()])

    def release(
        self,
        rows: Sequence[Row],
        counts: Sequence[str] = (),
        shares: Mapping[str, str] | None = None,
    ) -> Released:
        """Rows that may leave.

        Args:
            rows: tidy rows.
            counts: columns that count persons (or crossings, permits, numbers of persons).
            shares: column of a share -> column with the persons it is a share of.
        """
        out = [self._row(row, counts, shares or {}) for row in rows]
        withheld = sum(hidden for _, hidden in out)
        return Released(tuple(row for row, _ in out), withheld, str(self))

    def _row(self, row: Row, counts: Sequence[str], shares: Mapping[str, str]) -> tuple[Row, int]:
        new, hidden = dict(row), 0
        for column in counts:
            new[column] = self.count(_float(row.get(column)))
            hidden += _lost(row.get(column), new[column])
        for column, base in shares.items():
            new[column] = self.share(_float(row.get(column)), _float(row.get(base)) or 0.0)
            hidden += _lost(row.get(column), new[column])
        if hidden:
            new["withheld"] = float(hidden)
        return new, hidden

    def together(self, rows: Sequence[Row], whole: str, columns: Sequence[str]) -> list[Row]:
        """Rows that are parts of a total shown elsewhere, with what complements withheld.

        A small part could be worked out from the total and the other parts, so further parts are
        withheld until it cannot. Parts of a difference may be negative; they count by their size.
        The rows still have to be released.

        Args:
            rows: tidy rows; the rows with one value of `whole` add up to one total.
            whole: column that tells the totals apart (a date).
            columns: counts; the first with "median" in its name, or the first, is the part's size.
        """
        size = next((name for name in columns if "median" in name), columns[0])
        groups: dict[Cell, list[int]] = {}
        for i, row in enumerate(rows):
            groups.setdefault(row.get(whole), []).append(i)
        out = [dict(row) for row in rows]
        for members in groups.values():
            sizes = np.array([abs(_float(rows[i][size]) or 0.0) for i in members])
            hidden = lines(sizes, sizes < self.threshold, self.threshold, (0,))
            for i, hide in zip(members, hidden, strict=True):
                if hide:
                    out[i] |= dict.fromkeys(columns, 0.0)
        return out

    def cross(
        self, cells: Floats, *, rows: bool, columns: bool, known: Bools | None = None
    ) -> Floats:
        """A table of counts with its totals, NaN where withheld.

        Args:
            cells: counts [row, column] without totals.
            rows: append row totals.
            columns: append column totals.
            known: cells that everybody knows to be empty, shape of `cells`.
        """
        hidden = protect(cells, self.threshold, rows=rows, columns=columns, known=known)
        table = extended(np.asarray(cells, float), rows, columns)
        step = self.round_to or 1.0
        rounded = np.round(table / step) * step
        free = np.zeros(table.shape, bool)
        if known is not None:
            free[: known.shape[0], : known.shape[1]] = known
        return np.where(hidden | ((rounded < self.threshold) & ~free), np.nan, rounded)


def _float(value: Cell | None) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _lost(before: Cell | None, after: Cell | None) -> int:
    finite = isinstance(before, float | int) and math.isfinite(before)
    return int(finite and after is None)
