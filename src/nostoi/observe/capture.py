"""How many were never seen, from how often the others were seen.

Some lists meet the same person more than once: a patrol, a clinic, a shelter. Who was met once,
twice, three times tells how many were met *not at all*, if people are met independently and
roughly alike. Three estimates, from strong assumptions to weak:

- `truncated_poisson`: everyone is met at the same rate (van der Heijden et al. 2003, *Statistical
  Modelling* 3:305-322). Too low when rates differ.
- `zelterman`: as above, but read from those met once or twice only, so less shaken by the rest.
- `chao`: a lower bound that holds when rates differ between people.

Counts are `frequencies`: at position k the number of persons met k + 1 times. They are totals;
no record of a person enters here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from scipy.optimize import brentq


@dataclass(frozen=True, slots=True)
class HiddenSize:
    """An estimated size of a population, seen and unseen together."""

    size: float  # persons
    standard_error: float  # persons
    seen: int  # persons

    @property
    def hidden(self) -> float:
        """Persons never seen."""
        return self.size - self.seen

    def interval(self, z: float = 1.959964) -> tuple[float, float]:
        """Range for the size, skewed as sizes are: log-normal in the hidden part.

        With nobody hidden, or no known error, both ends are the size itself.
        """
        if self.hidden <= 0.0 or self.standard_error <= 0.0:
            return self.size, self.size
        spread = exp(z * sqrt(log(1.0 + (self.standard_error / self.hidden) ** 2)))
        return self.seen + self.hidden / spread, self.seen + self.hidden * spread


def truncated_poisson(frequencies: Sequence[int]) -> HiddenSize:
    """Size under one common rate, by maximum likelihood of the zero-truncated Poisson.

    The standard error holds both the error of the rate and the chance of being seen. Raises
    ValueError when nobody was seen twice, since the rate is then unknown.
    """
    seen = _persons(frequencies)
    rate = poisson_rate(frequencies)
    chance = 1.0 - exp(-rate)
    # Information about the rate in `seen` zero-truncated counts.
    information = seen * (1.0 / (rate * chance) - exp(-rate) / chance**2)
    slope = seen * exp(-rate) / chance**2
    variance = slope**2 / information + seen * exp(-rate) / chance**2
    return HiddenSize(seen / chance, sqrt(variance), seen)


def poisson_rate(frequencies: Sequence[int]) -> float:
    """Maximum-likelihood rate of meetings per person under one common Poisson rate."""
    seen = _persons(frequencies)
    mean = sum((k + 1) * count for k, count in enumerate(frequencies)) / seen
    rate: float = brentq(lambda r: r / (1.0 - exp(-r)) - mean, 1e-9, mean, xtol=1e-14)
    return rate


def chao(frequencies: Sequence[int], corrected: bool = False) -> HiddenSize:
    """Lower bound by Chao (1987), from those met once and twice.

    `corrected` takes the form that is less biased when few were met twice. Raises ValueError
    when nobody was met twice.
    """
    seen = _persons(frequencies)
    once, twice = frequencies[0], frequencies[1]
    if corrected:
        hidden = once * (once - 1) / (2 * (twice + 1))
        variance = (
            hidden
            + once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
            + once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
        )
    else:
        hidden = once**2 / (2 * twice)
        ratio = once / twice
        variance = twice * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    return HiddenSize(seen + hidden, sqrt(variance), seen)


def zelterman(frequencies: Sequence[int]) -> HiddenSize:
    """Size by Zelterman (1988), with the variance of Böhning (2008).

    Raises ValueError when nobody was met twice.
    """
    seen = _persons(frequencies)
    once, twice = frequencies[0], frequencies[1]
    rate = 2.0 * twice / once
    chance = 1.0 - exp(-rate)
    odds = exp(-rate) / chance**2
    variance = seen * odds * (1.0 + seen * odds * rate**2 * (1.0 / once + 1.0 / twice))
    return HiddenSize(seen / chance, sqrt(variance), seen)


def _persons(frequencies: Sequence[int]) -> int:
    """Persons seen at all; refuses counts from which nothing follows."""
    if any(count < 0 for count in frequencies):
        raise ValueError("a number of persons met k times is negative")
    if len(frequencies) < 2 or frequencies[0] == 0 or frequencies[1] == 0:
        raise ValueError("some persons must have been met once and some twice")
    return sum(frequencies)
