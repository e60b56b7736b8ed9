"""Random numbers are those of the published generator, and behave as random numbers should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nostoi.base.streams import philox, seed_word, share_of, stream, two_uniforms

ONES = 0xFFFFFFFF
PUBLISHED = [
    ((0,) * 6, (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 6, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
WORDS = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(("given_words", "wanted"), PUBLISHED)
def test_published_answers(given_words: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    """Known answers of Random123 for philox4x32 with ten rounds."""
    found = philox(*(np.uint64(word) for word in given_words))
    assert tuple(int(word) for word in found) == wanted


@given(WORDS, st.integers(0, ONES), WORDS, st.integers(0, ONES))
def test_uniforms_stay_inside(seed: int, name: int, person: int, day: int) -> None:
    """Never 0 and never 1, whatever the key."""
    words = (np.uint64(word) for word in (seed, name, person, day))
    assert all(0.0 < value < 1.0 for value in two_uniforms(*words))


def test_ends_of_the_interval() -> None:
    low, high = np.uint64(0), np.uint64(ONES)
    assert share_of(low, low) == 2.0**-53
    assert share_of(high, high) < 1.0


def draws(seed: int, name: str, persons: int, day: int) -> np.ndarray:
    """Both uniforms of the first persons on one day, [person, 2]; arrays work as numbers do."""
    people = np.arange(persons, dtype=np.uint64)
    full = np.broadcast_to
    a, b, c, d = philox(
        people, full(np.uint64(0), persons), full(np.uint64(day), persons),
        full(stream(name), persons), np.uint64(seed), np.uint64(0),
    )  # fmt: skip
    six = np.uint64(6)
    return np.stack(
        [((hi >> six) * 2.0**26 + (lo >> six)) * 2.0**-52 for hi, lo in ((a, b), (c, d))], 1
    )


def test_uniform_and_independent() -> None:
    """Means, variances, a hundred bins, and correlations between persons, days and streams."""
    n = 200_000
    base = draws(1, "move", n, 5)
    others = [draws(1, "move", n, 6), draws(1, "place", n, 5), draws(2, "move", n, 5)]
    for column in base.T:
        counts = np.histogram(column, 100, (0.0, 1.0))[0]
        chi = ((counts - n / 100) ** 2 / (n / 100)).sum()
        assert 45.0 < chi < 170.0
        assert abs(column.mean() - 0.5) < 4 / np.sqrt(12 * n)
    bound = 4.5 / np.sqrt(n)
    pairs = [(base[:, 0], base[:, 1]), (base[1:, 0], base[:-1, 0])]
    pairs += [(base[:, 0], other[:, 0]) for other in others]
    assert all(abs(np.corrcoef(one, two)[0, 1]) < bound for one, two in pairs)


def test_streams_differ_and_seeds_are_checked() -> None:
    assert len({int(stream(name)) for name in ("move", "home", "contacts", "rumour")}) == 4
    with pytest.raises(ValueError, match="seed"):
        seed_word(-1)
