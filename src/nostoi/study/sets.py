"""Values of parameters as a shell gives them: ``NAME=VALUE``, ``NAME=A,B,C`` or ``learned``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from pydantic_core import PydanticCustomError

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.complaints import near
from nostoi.case.quantities import number, shown
from nostoi.rules.hop.params import hop_cards, learned_numbers

LEARNED = "learned"
"""Stands for all numbers that other conflicts taught; what is given beside it goes before them."""


def combinations(words: Sequence[str]) -> list[dict[str, float]]:
    """Every combination of the values given; one empty set without any.

    The word ``learned`` puts the numbers that other conflicts taught into every set.

    Raises:
        NostoiError: N306 with every word that is no parameter or no number.
    """
    known = {card.name for card in hop_cards()}
    wrong: list[Finding] = []
    axes: dict[str, list[float]] = {}
    base = learned_numbers() if LEARNED in words else {}
    for word in words:
        if word == LEARNED:
            continue
        name, _, text = word.partition("=")
        if name not in known:
            said = f"unknown parameter {shown(name)}{near(name, known)}"
            wrong.append(Finding(306, said, do="write --set NAME=VALUE"))
            continue
        try:
            axes[name] = [number(part) for part in text.split(",")]
        except PydanticCustomError as error:
            said = f"{name}: {error.message()}"
            wrong.append(Finding(306, said, do="write --set NAME=VALUE or NAME=A,B,C"))
    if wrong:
        raise NostoiError(*wrong)
    return [base | dict(zip(axes, some, strict=True)) for some in product(*axes.values())]
