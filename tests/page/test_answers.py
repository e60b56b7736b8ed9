"""What the page says agrees with the fit, with `nostoi compare`, and with itself."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nostoi.app.fitted import case_of_fit
from nostoi.app.page.desk import Desk
from nostoi.app.page.guard import RefusedError
from nostoi.app.page.serve import listen
from nostoi.app.page.shelf import Shelf
from nostoi.base.errors import NostoiError
from nostoi.present.page.bands import whole_weeks
from nostoi.present.summary import QUANTILES
from nostoi.study.compare import Order, compare
from nostoi.study.levers import Levers, as_scenario, plan_of, read_levers


def say(shelf: Shelf, **setting: Any) -> dict[str, Any]:
    setting.setdefault("since", shelf.warm.span.first.isoformat())
    found: dict[str, Any] = json.loads(gzip.decompress(shelf.what_if(setting)[1]()))
    return found


def numbers(data: Any) -> Iterator[float]:
    if isinstance(data, dict):
        for value in data.values():
            yield from numbers(value)
    elif isinstance(data, list):
        for value in data:
            yield from numbers(value)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield float(data)


def test_a_setting_that_changes_nothing_changes_nothing(shelf: Shelf) -> None:
    levers = Levers(since=shelf.warm.span.first)
    found = shelf.warm.run(levers)
    for name, values in found.difference.items():
        assert not np.any(values), name
    for name, values in found.other.items():
        assert values.tobytes() == shelf.warm.base[name].tobytes()


def test_a_wave_drives_people_out(shelf: Shelf) -> None:
    levers = Levers(since=shelf.warm.span.first, wave="ordered")
    found = shelf.warm.run(levers)
    assert np.mean(found.difference["leave"].sum(-1)) > 0
    assert np.mean(found.difference["called"].sum(-1)) > 0


def test_before_the_setting_nothing_differs(shelf: Shelf) -> None:
    since = shelf.warm.span.first + timedelta(days=60)
    found = shelf.warm.run(Levers(since=since, risk=1.0))
    before = np.array(shelf.warm.dates) < since
    assert np.any(found.difference["belief"])
    for name in ("stock", "returned", "leave", "belief"):
        assert not np.any(found.difference[name][..., before]), name


def test_compare_gives_the_same_from_the_saved_file(
    shelf: Shelf, fit: Path, tmp_path: Path
) -> None:
    levers = Levers(since=shelf.warm.span.first, wave="rumoured", exit_ban=0.4, exchange=0.8)
    saved = tmp_path / "what-if.yaml"
    saved.write_text(json.dumps(as_scenario(levers, shelf.case, shelf.warm.span)))
    order = Order((str(saved),), fit, len(shelf.warm.numbers), 1, shelf.warm.span.last)
    told = compare(case_of_fit(fit), order).contrasts[0].parts
    own = shelf.warm.run(levers).difference
    assert np.allclose(own["stock"], told["stock"], atol=1e-6)
    assert np.any(own["stock"])


def test_no_small_count_leaves(shelf: Shelf) -> None:
    gate = shelf.shown.gate
    answer = say(shelf, wave="ordered", hosts={shelf.case.hosts[0].place: {"regime": "closed"}})
    for part in ("other", "difference"):
        for name, chart in answer[part].items():
            for line in chart["parts"]:
                for q in QUANTILES:
                    for value in line[q]:
                        assert value is None or abs(value) >= gate.threshold, (part, name)
    charts = json.loads(gzip.decompress(shelf.documents["charts"]))
    for name, chart in charts.items():
        if name != "belief":
            lines = [line[q] for line in chart["parts"] for q in QUANTILES]
            assert all(abs(v) >= gate.threshold for v in numbers(lines)), name


def test_all_complaints_of_a_setting_come_at_once(shelf: Shelf) -> None:
    bad = {"since": "2001-01-01", "risk": 7, "hosts": {"XXX": {"regime": "free"}}, "extra": 1}
    with pytest.raises(NostoiError) as caught:
        read_levers(bad, shelf.case, shelf.warm.span)
    assert len(caught.value.findings) == 2
    del bad["risk"], bad["extra"]
    with pytest.raises(NostoiError) as caught:
        read_levers(bad, shelf.case, shelf.warm.span)
    assert [finding.number for finding in caught.value.findings] == [722, 722, 722]


def test_every_lever_makes_a_valid_scenario(shelf: Shelf) -> None:
    span, case = shelf.warm.span, shelf.case
    hosts = {p.place: {"regime": r, "permits": 0.5} for p, r in
             zip(case.hosts, ("free", "days90", "visa", "closed"), strict=False)}  # fmt: skip
    levers = read_levers(
        {"since": span.first.isoformat(), "wave": "ordered", "wave_date": span.last.isoformat(),
         "risk": -0.5, "decree_ended": True, "exit_ban": 0.5, "exchange": 0.7, "wages": 1.2,
         "hosts": hosts}, case, span)  # fmt: skip
    kinds = {change.change for change in plan_of(levers, case, span).scenario.changes}
    assert kinds == {"signal", "call_up", "money", "regime"}


def test_a_source_switched_off_is_weighted_away(shelf: Shelf) -> None:
    publisher = shelf.rows.publishers[0]
    found = json.loads(gzip.decompress(shelf.reweight({"off": [publisher]})[1]()))
    assert [one["publisher"] for one in found["off"]] == [publisher]
    assert found["trusted"] == (found["khat"] is None or found["khat"] < 0.7)
    assert bool(found["warning"]) == (not found["trusted"])
    none = json.loads(gzip.decompress(shelf.reweight({"off": []})[1]()))
    assert all(row[q] == row[f"{q}_all"] for row in none["rows"] for q in ("median",))
    with pytest.raises(NostoiError, match="723"):
        shelf.reweight({"off": ["nobody"]})


def test_the_same_question_is_worked_on_once_and_too_many_are_refused() -> None:
    calls: list[int] = []

    def work() -> bytes:
        calls.append(1)
        return b"answer"

    async def go() -> None:
        desk = Desk()
        found = await asyncio.gather(*(desk.ask("same", work) for _ in range(20)))
        assert set(found) == {b"answer"}
        assert len(calls) == 1
        desk.waiting = 10_000
        with pytest.raises(RefusedError):
            await desk.ask("other", work)
        desk.waiting = 0
        with pytest.raises(ZeroDivisionError):
            await desk.ask("fails", lambda: b"x" * (1 // 0))
        assert "fails" not in desk.kept
        desk.close()

    asyncio.run(go())


def test_a_port_in_use_is_one_numbered_message() -> None:
    with listen(0) as ear:
        ear.listen()
        with pytest.raises(NostoiError, match="728"):
            listen(int(ear.getsockname()[1]))


def test_a_week_cut_short_is_left_out_of_flows() -> None:
    days = [date(2023, 12, 17) + timedelta(days=7 * k) for k in range(3)]
    whole = [day.isoformat() for day in days]
    assert whole_weeks(whole) == whole
    assert whole_weeks([*whole, "2024-01-02"]) == whole
