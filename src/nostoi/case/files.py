"""The files of a case folder: their names, their models, and which of them must be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices, AliasPath, BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from nostoi.case import facts, ledger, lives, scenario, schema, sites, ways


@dataclass(frozen=True)
class Sheet:
    """A table of the case: its file, the model of a row, and columns that resolve can fill."""

    file: str
    model: type[BaseModel]
    required: bool
    filled: frozenset[str] = frozenset()
    may_be_empty: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file may have, in the order of the format."""
        return words_of(self.model)

    @property
    def needed(self) -> frozenset[str]:
        """The columns that the file must have."""
        fields = self.model.model_fields.items()
        must = {word_of(name, field) for name, field in fields if field.is_required()}
        return frozenset(must) - self.filled


@dataclass(frozen=True)
class Page:
    """A YAML file of the case: its file, and the validator of the whole document."""

    file: str
    adapter: TypeAdapter[Any]
    words: tuple[str, ...]
    required: bool


def word_of(name: str, field: FieldInfo) -> str:
    """What the file calls a field."""
    alias = field.validation_alias
    if alias is None or isinstance(alias, AliasPath | AliasChoices):
        return name
    return alias


def words_of(*models: type[BaseModel]) -> tuple[str, ...]:
    """What the file calls all fields of some models, once each."""
    pairs = (item for model in models for item in model.model_fields.items())
    return tuple(dict.fromkeys(word_of(name, field) for name, field in pairs))


_OBSERVERS = (
    ledger.CrossingSpec,
    ledger.TripsSpec,
    ledger.FlowSpec,
    ledger.StockSpec,
    ledger.RegisterSpec,
    ledger.SurveySpec,
    ledger.PollSpec,
    ledger.ClaimSpec,
    ledger.CampSpec,
)
_CASE = (
    schema.CaseFile,
    schema.ClockSpec,
    schema.DailyWindow,
    schema.Phases,
    schema.CallUp,
    schema.Disclosure,
    schema.RuleChoice,
)

TABLES: Mapping[str, Sheet] = {
    "places": Sheet("places.csv", schema.Place, required=True),
    "routes": Sheet("routes.csv", schema.Route, required=True),
    "regimes": Sheet("regimes.csv", schema.Regime, required=True, filled=frozenset({"from", "to"})),
    "money": Sheet("money.csv", schema.MoneyRow, required=False, may_be_empty=True),
    "signals": Sheet(
        "signals.csv",
        schema.Signal,
        required=True,
        filled=frozenset({"end_date"}),
        may_be_empty=True,
    ),
    "observations": Sheet(
        "evidence/observations.csv",
        schema.Observation,
        required=False,
        filled=frozenset({"period_start"}),
        may_be_empty=True,
    ),
    "sources": Sheet("evidence/sources.csv", schema.Source, required=False, may_be_empty=True),
    "towns": Sheet("towns.csv", ways.Town, required=False),
    "legs": Sheet("legs.csv", ways.Leg, required=False),
    "sites": Sheet("sites.csv", sites.Site, required=False),
    "conflicts": Sheet("conflicts.csv", sites.Conflict, required=False),
    "closures": Sheet("closures.csv", sites.Closure, required=False, may_be_empty=True),
    "recounts": Sheet("evidence/recounts.csv", sites.Recount, required=False, may_be_empty=True),
}
PAGES: Mapping[str, Page] = {
    "case": Page("case.yaml", TypeAdapter(schema.CaseFile), words_of(*_CASE), required=True),
    "people": Page(
        "people.yaml",
        TypeAdapter(schema.People),
        words_of(schema.People, schema.Group, schema.Savings),
        required=True,
    ),
    "params": Page(
        "params.yaml",
        TypeAdapter(dict[str, schema.ParamOverride]),
        words_of(schema.ParamOverride),
        required=False,
    ),
    "observers": Page(
        "evidence/observers.yaml",
        TypeAdapter(dict[str, ledger.ObserverSpec]),
        ("family", *words_of(*_OBSERVERS)),
        required=False,
    ),
    "facts": Page(
        "facts.yaml",
        TypeAdapter(facts.Facts),
        words_of(facts.Facts, facts.Fact, facts.Part, facts.Figure),
        required=False,
    ),
}
LIVES = "lives"
LIFE = Page(
    "lives/NAME.yaml",
    TypeAdapter(lives.Life),
    words_of(lives.Life, lives.Window, lives.AgeBand, lives.Stay),
    required=False,
)
"""Any number of YAML files in the folder `lives`, one life to look for in each."""

SCENARIOS = "scenarios"
SCENARIO = Page(
    "scenarios/NAME.yaml",
    TypeAdapter(scenario.Scenario),
    words_of(scenario.Scenario, *scenario.CHANGES),
    required=False,
)
"""Any number of YAML files in the folder `scenarios`, one scenario in each."""

LIMITS = "limits.md"
CODE = "rules.py"
KNOWN_FILES = frozenset(
    {sheet.file for sheet in TABLES.values()}
    | {page.file for page in PAGES.values()}
    | {LIMITS, CODE, "README.md"}
)
