"""A constant record, and observers built from short rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import jax
import numpy as np
import pytest

from nostoi.base.calendar import Clock, make_clock
from nostoi.base.record import Record
from nostoi.case.case import Ledger
from nostoi.case.ledger import Observation, Source
from nostoi.observe.observer import Setting
from nostoi.observe.panel import Panel
from nostoi.rules.params import Pack

jax.config.update("jax_enable_x64", True)
N, HOSTS, GROUPS = 52, 2, 2
CLOCK = make_clock(date(2030, 1, 1), date(2030, 12, 30), 7)
SETTING = Setting(CLOCK, ("BBB", "CCC"), np.array([1e6, 3e6]), np.ones((HOSTS, N)))
PUBLISHERS = {
    name: Source.model_validate({"publisher": name, "name": name, "kind": kind, "side": "host"})
    for name, kind in (("office", "office"), ("paper", "press"))
}
TYPES = {
    "crossing": ("crossing", "in", "crossings"),
    "trips": ("crossing", "out", "crossings"),
    "flow": ("flow", "arrivals", "persons"),
    "stock": ("stock", "present", "persons"),
    "register": ("register", "valid", "permits"),
    "survey": ("survey_share", "returned", "percent"),
    "poll": ("belief_poll", "fear", "percent"),
    "claim": ("claim", "left", "persons"),
}


def constant_record() -> Record:
    """Every week: 700 arrive and 140 go home and 70 on in BBB; twice that in CCC.

    Stocks stand still at 1000 (any), 600 (3m), 300 (6m), 100 (12m) in BBB, twice that in CCC.
    """
    weight = np.array([1.0, 2.0])
    week, by_rule = np.ones(N), np.array([1000.0, 600.0, 300.0, 100.0])
    flow = week[:, None] * weight
    rules = week[:, None, None] * by_rule[:, None]
    return Record(
        leave=week[:, None] * [1500.0, 900.0],
        again=week[:, None] * [60.0, 40.0],
        leave_to=770.0 * flow,
        arrive=700.0 * flow,
        arrive_on=70.0 * flow,
        go_home=140.0 * flow,
        go_on=70.0 * flow,
        go_home_group=week[:, None] * [210.0, 210.0],
        exits=rules * 0.21 * weight,
        onward=np.array([[0.0, 70.0], [140.0, 0.0]]) * N,
        abroad=rules * weight,
        abroad_group=rules * [1.5, 1.5],
        on_the_way=50.0 * week,
        returned=rules * [0.2, 0.1],
        returned_once=week[:, None] * by_rule * 0.5,
        home=week[:, None] * [9e5, 2.9e6],
        called_up=week[:, None] * [1000.0, 0.0],
        belief=week[:, None] * [0.6, 0.2],
        rumour=week[:, None] * [0.1, 0.02],
        exposed_arrive=300.0 * flow,
        exposed_exit=60.0 * flow,
    )


def row(family: str, observer: str, number: int = 0, **own: Any) -> Observation:
    """Row of the ledger from its columns; the rest is filled in."""
    kind, measure, unit = TYPES[family]
    full: dict[str, Any] = {
        "id": f"{observer}{number}", "count_type": kind, "measure": measure, "unit": unit,
        "place": "BBB", "period_start": "2030-04-02", "period_end": "2030-04-29",
        "value": 1000.0, "publisher": "office", "published": "2030-12", "confidence": "A",
        "observer": observer,
    }  # fmt: skip
    text = {k: v for k, v in (full | own).items() if v is not None}
    return Observation.model_validate(text)


Maker = Callable[..., Panel]


@pytest.fixture(scope="session")
def panel() -> Maker:
    """Function from (observers by name as in observers.yaml, rows) to a panel."""
    from pydantic import TypeAdapter

    from nostoi.case.ledger import ObserverSpec

    reader: TypeAdapter[Any] = TypeAdapter(ObserverSpec)

    def make(specs: dict[str, dict[str, Any]], rows: list[Observation]) -> Panel:
        observers = {name: reader.validate_python(spec) for name, spec in specs.items()}
        return Panel(Ledger(tuple(rows), PUBLISHERS, observers), SETTING)

    return make


@pytest.fixture(scope="session")
def record() -> Record:
    """The constant record."""
    return constant_record()


def medians(panel: Panel, **own: Any) -> dict[str, Any]:
    """Prior medians of a panel's parameters, with some set: `claim_bias` is claim.bias."""
    pack = Pack(panel.params)
    values = {k: np.asarray(v) for k, v in pack.unpack(np.zeros(pack.dim), np).items()}
    for key, value in own.items():
        name = key.replace("_", ".", 1)
        assert name in values
        values[name] = np.broadcast_to(np.asarray(value, float), values[name].shape)
    return values


def clock() -> Clock:
    """The clock of the record."""
    return CLOCK
