"""Random numbers without a state: each is a function of (seed, stream, person, day).

Nothing is drawn "next", so the order of work, the number of threads and the size of chunks
cannot change a run, and a person keeps the same luck when others are added or removed.

The function is Philox-4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC 2011). Its counter is the person (64 bits), the day and the stream
(32 bits each), its key the seed. The text below is also what the agent engine compiles.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

Word = Any
"""A 32-bit number held in an unsigned 64-bit one."""

LOW = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)
MULTIPLY_0 = np.uint64(0xD2511F53)
MULTIPLY_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
DROP = np.uint64(6)
ROUNDS = 10


def philox(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, ...]:
    """Four random words of 32 bits for a counter of four words and a key of two."""
    for _ in range(ROUNDS):
        first, second = MULTIPLY_0 * c0, MULTIPLY_1 * c2
        c0, c1, c2, c3 = (
            (second >> HALF) ^ c1 ^ k0,
            second & LOW,
            (first >> HALF) ^ c3 ^ k1,
            first & LOW,
        )
        k0, k1 = (k0 + WEYL_0) & LOW, (k1 + WEYL_1) & LOW
    return c0, c1, c2, c3


def share_of(high: Word, low: Word) -> float:
    """Uniform number in the open interval 0..1 with 52 random bits, from two words."""
    return (float(high >> DROP) * 67108864.0 + float(low >> DROP) + 0.5) / 4503599627370496.0


def two_uniforms(seed: Word, stream: Word, person: Word, day: Word) -> tuple[float, float]:
    """Two independent uniform numbers in 0..1 of one person on one day; all unsigned 64-bit."""
    a, b, c, d = philox(person & LOW, person >> HALF, day, stream, seed & LOW, seed >> HALF)
    return share_of(a, b), share_of(c, d)


def stream(name: str) -> np.uint64:
    """Number of a named stream, the same on every machine."""
    return np.uint64(zlib.crc32(name.encode("utf-8")))


def seed_word(seed: int) -> np.uint64:
    """A seed as the key of the generator.

    Raises:
        ValueError: if the seed is negative or has more than 64 bits.
    """
    if not 0 <= seed < 2**64:
        raise ValueError("a seed is a whole number from 0 to 2^64 - 1")
    return np.uint64(seed)
