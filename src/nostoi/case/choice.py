"""Which rules a case switches on: ``all``, a list of names, or all except some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from nostoi.case.quantities import refuse, shown
from nostoi.case.strict import Strict, Text


class RuleChoice(Strict):
    """Which rules are switched on: `only` these (None = all), without those in `leave_out`."""

    only: tuple[Text, ...] | None = None
    leave_out: tuple[Text, ...] = Field(
        default=(), validation_alias="except", serialization_alias="except"
    )

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` that are switched on, in the order given."""
        return tuple(
            name
            for name in names
            if (self.only is None or name in self.only) and name not in self.leave_out
        )


def _rule_choice(value: object) -> object:
    """``all``, a list of names, or a mapping with ``except``."""
    if value == "all":
        return {}
    if isinstance(value, str):
        raise refuse(107, f"{shown(value)} is neither 'all' nor a list of rules")
    return {"only": value} if isinstance(value, list | tuple) else value


Rules = Annotated[
    RuleChoice,
    BeforeValidator(_rule_choice),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": "all"},
                {"type": "array", "items": {"type": "string"}},
                {"type": "object", "properties": {"except": {"type": "array"}}},
            ]
        }
    ),
]
