"""How many of n alike people make a move: exact binomial numbers from one uniform number."""

from __future__ import annotations

import math


def stirling_rest(n: float) -> float:
    """Log n! less Stirling's formula, for n >= 30 to full precision."""
    square = n * n
    return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * square)) / square) / n


def deviance(x: float, mean: float) -> float:
    """X log(x / mean) + mean - x without cancellation, for x near the mean (Loader)."""
    ratio = (x - mean) / (x + mean)
    total, term = (x - mean) * ratio, 2.0 * x * ratio
    for j in range(1, 40):
        term *= ratio * ratio
        more = total + term / (2 * j + 1)
        if more == total:
            break
        total = more
    return total


def from_zero(n: int, p: float, u: float) -> int:
    """Inversion of the distribution function, summed from 0; for small means."""
    odds = p / (1.0 - p)
    mass, k = math.exp(n * math.log1p(-p)), 0
    while u > mass and k < n:
        u -= mass
        k += 1
        mass *= odds * (n - k + 1) / k
        if mass < 1e-300:
            break
    return k


def from_mode(n: int, p: float, u: float) -> int:
    """Inversion summed outwards from the mode; for large means, in about sqrt(n p) terms."""
    mode = math.floor((n + 1) * p)
    rest = stirling_rest(n) - stirling_rest(mode) - stirling_rest(n - mode)
    rest -= deviance(mode, n * p) + deviance(n - mode, n * (1.0 - p))
    top = math.exp(rest) * math.sqrt(n / (2.0 * math.pi * mode * (n - mode)))
    odds = p / (1.0 - p)
    low, high, below, above = mode, mode, top, top
    u -= top
    while u > 0.0 and (below > 1e-300 or above > 1e-300):
        above *= odds * (n - high) / (high + 1)
        high += 1
        u -= above
        if u <= 0.0:
            return high
        below *= low / (odds * (n - low + 1))
        low -= 1
        u -= below
        if u <= 0.0:
            return low
    return mode


def binomial(n: int, p: float, u: float) -> int:
    """Successes among n tries of chance p; u is uniform in 0..1."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    q = min(p, 1.0 - p)
    found = from_zero(n, q, u) if n * q < 30.0 else from_mode(n, q, u)
    return found if p <= 0.5 else n - found
