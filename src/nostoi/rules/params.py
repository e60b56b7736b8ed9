"""Numbers with a prior, a unit and a source, and the map from unit-scale unknowns to them.

Every unknown is a z with prior N(0, 1); `value_of` turns z into the number that rules read:
normal value + sd z, log value exp(sd z), logit logistic(logit(value) + sd z), walk the sum of
steps of size sd. Unit-scale unknowns are what keeps the samplers from falling into "everybody
leaves".
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import accumulate
from typing import Any, Literal

from nostoi.base.maths import exp, logistic

ParamKind = Literal["normal", "log", "logit", "walk", "fixed"]


@dataclass(frozen=True)
class Param:
    """One parameter and its prior.

    Attributes:
        name: unique name; observers use "observer.name".
        dims: "" for a scalar, else the name of the axis it runs over.
        kind: scale of the prior, see the module's opening.
        value: prior median per element (natural unit).
        sd: prior standard deviation on the scale of `kind`; one number, or one per element.
        unit, part, source, meaning: the card.
        labels: names of the elements, where they are not plain positions.
    """

    name: str
    dims: str
    kind: ParamKind
    value: tuple[float, ...]
    sd: float | tuple[float, ...]
    unit: str
    source: str
    meaning: str
    part: str = ""
    labels: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Number of unknowns (0 when fixed)."""
        return 0 if self.kind == "fixed" else len(self.value)

    def value_of(self, z: Any, library: Any) -> Any:
        """Natural values of unit-scale unknowns z, [..., element] both (array `library`).

        Fixed values are NumPy arrays whatever the library: in compiled code they stay known.
        """
        if self.kind == "fixed":
            import numpy as np  # not at the top: names of parameters are checked without it

            return np.asarray(self.value)
        centre, sd = library.asarray(self.value), library.asarray(self.sd)
        if self.kind == "normal":
            return centre + sd * z
        if self.kind == "walk":
            return centre + library.cumsum(sd * z, axis=-1)
        if self.kind == "log":
            return centre * exp(sd * z)
        return logistic(library.log(centre / (1.0 - centre)) + sd * z)

    def spread(self) -> tuple[float, float]:
        """Prior 5 % and 95 % points of the first element, natural unit."""
        if self.kind == "fixed":
            return self.value[0], self.value[0]
        reach = 1.6448536 * (self.sd if isinstance(self.sd, float | int) else self.sd[0])
        first = self.value[0]
        if self.kind == "log":
            return first * math.exp(-reach), first * math.exp(reach)
        if self.kind == "logit":
            middle = math.log(first / (1.0 - first))
            return float(logistic(middle - reach)), float(logistic(middle + reach))
        return first - reach, first + reach


def shipped() -> tuple[Param, ...]:
    """Parameters of the rules with their default priors, from `params.csv`."""
    text = resources.files("nostoi.rules").joinpath("params.csv").read_text(encoding="utf-8")
    return tuple(from_row(row) for row in csv.DictReader(text.splitlines()))


def from_row(row: Mapping[str, str]) -> Param:
    """Param of one row of `params.csv`."""
    kind = row["kind"]
    if kind not in ("normal", "log", "logit", "walk", "fixed"):
        raise ValueError(f"params.csv: {row['name']}: no kind of prior '{kind}'")
    return Param(
        name=row["name"],
        dims=row["dims"],
        kind=kind,  # type: ignore[arg-type]
        value=tuple(float(part) for part in row["value"].split(";")),
        sd=float(row["sd"]),
        unit=row["unit"],
        source=row["source"],
        meaning=row["meaning"],
        part=row["part"],
    )


def sized(param: Param, sizes: Mapping[str, int]) -> Param:
    """The parameter with one value per element of its axis (a single value is repeated)."""
    n = sizes[param.dims] if param.dims else 1
    if len(param.value) == n:
        return param
    if len(param.value) != 1:
        raise ValueError(f"{param.name}: {len(param.value)} values for {n} elements")
    return replace(param, value=param.value * n)


class Pack:
    """Order of all unknowns in one vector z, and the way back to named numbers."""

    def __init__(self, params: Sequence[Param]) -> None:
        """Pack of sized parameters, in the given order."""
        self.params = tuple(params)
        self.dim = sum(param.size for param in self.params)

    def unpack(self, z: Any, library: Any) -> dict[str, Any]:
        """Natural values by name; scalars are 0-dimensional, others [element]."""
        values = {}
        ends = list(accumulate(param.size for param in self.params))[:-1]
        for param, part in zip(self.params, library.split(z, ends), strict=True):
            value = param.value_of(part, library)
            values[param.name] = value if param.dims else value[0]
        return values

    def labels(self) -> tuple[str, ...]:
        """Name of each unknown, "name" or "name[3]"; shape [dim]."""
        found: list[str] = []
        for param in self.params:
            for i in range(param.size):
                label = param.labels[i] if param.labels else str(i)
                found.append(f"{param.name}[{label}]" if param.dims else param.name)
        return tuple(found)
