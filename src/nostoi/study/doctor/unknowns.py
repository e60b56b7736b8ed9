"""Unknowns: the draws of all parameters on the unit scale, where every prior is N(0, 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.rules.params import Param
from nostoi.study.doctor.chart import Chart, Floats

JOINED = "bias"
"""The biases of all families once more; the parameters FAMILY.bias hold them already."""


@dataclass(frozen=True)
class Unknown:
    """One element of a parameter.

    Attributes:
        name: name of the parameter.
        element: its label, empty for a single number.
        z: draws on the unit scale, [chain, draw].
    """

    name: str
    element: str
    z: Floats

    @property
    def label(self) -> str:
        """Name with its element."""
        return f"{self.name}[{self.element}]" if self.element else self.name

    @property
    def mean(self) -> float:
        """Posterior mean in prior sds."""
        return float(self.z.mean())

    @property
    def narrowed(self) -> float:
        """Posterior sd over prior sd."""
        return float(self.z.std())

    @property
    def conflict(self) -> float:
        """How far prior and likelihood lie apart, in standard errors of their difference.

        For a normal posterior of mean m and sd s under a N(0, 1) prior the likelihood has mean
        m / (1 - s^2) and variance s^2 / (1 - s^2); its distance from 0 over the sd of prior and
        likelihood together is |m| / sqrt(1 - s^2). 0 where the likelihood says nothing.
        """
        left = 1.0 - self.narrowed**2
        return abs(self.mean) / float(np.sqrt(left)) if left > 0 else 0.0


def unknowns(chart: Chart) -> tuple[Unknown, ...]:
    """All unknowns of a fit."""
    posterior = chart.groups["posterior"]
    found = []
    for key, variable in posterior.data_vars.items():
        name = str(key)
        if name == JOINED:
            continue
        values = chart.draws("posterior", name)
        flat = values.reshape(*values.shape[:2], -1)
        z = unit_scale(chart.params[name], flat)
        dims = [dim for dim in variable.dims if dim not in ("chain", "draw")]
        for k in range(z.shape[-1]):
            element = _label(variable, str(dims[0]), k) if dims else ""
            found.append(Unknown(name, element, z[..., k]))
    return tuple(found)


def _label(variable: Any, dim: str, k: int) -> str:
    return str(variable[dim].values[k]) if dim in variable.coords else str(k)


def unit_scale(param: Param, values: Floats) -> Floats:
    """Unit-scale unknowns behind natural values [chain, draw, element]."""
    centre, sd = np.asarray(param.value, float), np.asarray(param.sd, float)
    sd = np.where(sd > 0, sd, 1.0)
    if param.kind == "walk":
        return np.diff(values - centre, axis=-1, prepend=0.0) / sd
    if param.kind == "log":
        return np.log(np.maximum(values, 1e-300) / centre) / sd
    if param.kind == "logit":
        inner = np.clip(values, 1e-12, 1 - 1e-12)
        return (np.log(inner / (1 - inner)) - np.log(centre / (1 - centre))) / sd
    return (values - centre) / sd
