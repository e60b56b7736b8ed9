"""Forecasts: the past stays, peaks by hand, quantiles that a hub reads, nothing small shown."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from nostoi.base.errors import NostoiError
from nostoi.case.case import Case
from nostoi.present.disclosure import Gate
from nostoi.present.export import write_csv
from nostoi.present.outlook import HUB, HUB_LEVELS, fans, hub, peak_table, ready_table
from nostoi.study.compare import Order as Pairs
from nostoi.study.compare import compare
from nostoi.study.forecast import Forecast, Order, forecast, peaks

UNTIL = date(2031, 3, 31)
GATE = Gate(10.0, 5.0)


@pytest.fixture(scope="module")
def found(case: Case, fit: Path) -> Forecast:
    return forecast(case, Order(fit, UNTIL, draws=24))


def test_calendar(found: Forecast) -> None:
    assert found.reference == date(2030, 12, 31)
    assert found.days[0] == date(2031, 1, 1) and found.days[-1] == UNTIL
    assert found.arrive.shape == (24, 2, len(found.days)) == (24, 2, 90)
    assert found.reference < found.dates[0] <= found.reference + timedelta(7)
    assert UNTIL - timedelta(7) < found.dates[-1] <= UNTIL
    assert all(b - a == timedelta(7) for a, b in zip(found.dates, found.dates[1:], strict=False))
    assert found.weeks["stock"].shape == (24, 4, len(found.dates))


def test_the_past_is_that_of_the_fit(found: Forecast, case: Case, fit: Path) -> None:
    """The stock at the end of the case, and one week into the forecast, follow from the fit."""
    base = compare(case, Pairs(("nothing",), fit, draws=24)).base
    last, first = base["stock"][:, 0, -1], found.weeks["stock"][:, 0, 0]
    np.testing.assert_allclose(first / last, 1.0, atol=0.03)
    assert (found.weeks["stock"][:, 0, -1].std() / last.std()) > 0.5


def test_days_add_up_to_weeks(found: Forecast) -> None:
    second = [k for k, day in enumerate(found.days)
              if found.dates[0] < day <= found.dates[1]]  # fmt: skip
    assert len(second) == 7
    np.testing.assert_allclose(
        found.arrive[:, :, second].sum(2), found.weeks["arrive"][:, :, 1], rtol=1e-10
    )


def test_a_forecast_under_a_scenario_parts_from_it(found: Forecast, case: Case, fit: Path) -> None:
    wave = forecast(case, Order(fit, UNTIL, "second-wave", draws=24))
    assert (wave.weeks["stock"][:, 0, 0] > found.weeks["stock"][:, 0, 0]).all()
    with pytest.raises(NostoiError, match="N611"):
        forecast(case, Order(fit, date(2030, 6, 1), draws=24))
    with pytest.raises(NostoiError, match="N174"):
        forecast(case, Order(fit, UNTIL, "wave", draws=24))


def test_shares_are_shares(found: Forecast) -> None:
    for draws in (found.ready, found.would, found.could):
        assert ((draws >= 0) & (draws <= 1)).all()
    assert (found.ready <= np.minimum(found.would, found.could) + 1e-9).all()


def test_peaks_by_hand(found: Forecast) -> None:
    days = np.zeros((2, 2, 20))
    days[0, 0, 4], days[0, 0, 10:17], days[1, 0, :7] = 50.0, 10.0, [1, 2, 3, 4, 5, 6, 7]
    by_hand = Forecast(
        found.horizon, (), found.reference, found.dates, found.days, {}, days,
        found.ready, found.would, found.could,
    )  # fmt: skip
    first = peaks(by_hand)[0]
    assert list(first.day) == [4, 6]
    assert list(first.on_day) == [50.0, 7.0]
    # days 4 to 10 hold 50 and one 10; the seven tens alone hold 70
    assert list(first.in_week) == [70.0, 28.0]


def test_quantiles_of_a_hub(found: Forecast, tmp_path: Path) -> None:
    table = hub(found, GATE)
    write_csv(tmp_path / "f.csv", table, {})
    with (tmp_path / "f.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    assert tuple(rows[0]) == HUB
    sets: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for row in rows:
        assert row["output_type"] == "quantile" and row["reference_date"] == "2030-12-31"
        key = (row["target"], row["location"], row["target_end_date"], row["horizon"])
        sets.setdefault(key, []).append((float(row["output_type_id"]), float(row["value"])))
    for name, pairs in sets.items():
        assert tuple(level for level, _ in pairs) == HUB_LEVELS, name
        values = [value for _, value in pairs]
        assert values == sorted(values) and min(values) >= GATE.threshold
        assert all(value % GATE.round_to == 0 for value in values)
    horizons = {int(name[3]) for name in sets}
    assert horizons == set(range(1, len(found.dates) + 1))


def test_small_numbers_do_not_leave(found: Forecast) -> None:
    strict = Gate(1e6, 5.0)
    table = hub(found, strict)
    assert all(float(str(row["value"])) >= 1e6 for row in table.rows)
    assert table.withheld > 0
    shown = peak_table(found, strict, 100.0, 10.0)
    assert all(row["median"] is None for row in shown.rows)
    assert all(row["median"] is None for row in ready_table(found, Gate(1e9, 5.0)).rows)


def test_beds_and_desks_follow_the_ratio(found: Forecast) -> None:
    rows = peak_table(found, GATE, beds=250.0, desks=0.0).rows
    week = next(r for r in rows if r["what"] == "busiest week")
    beds = next(r for r in rows if r["unit"] == "beds" and r["host"] == week["host"])
    assert beds["median"] == np.ceil(float(str(week["median"])) * 0.25)
    assert {r["median"] for r in rows if r["unit"] == "desks"} <= {0.0, None}


def test_fans_never_show_a_bare_point(found: Forecast) -> None:
    for figure in fans(found, GATE):
        assert figure.svg.startswith("<svg") and figure.alt
        for row in figure.data.rows:
            assert {"low90", "low50", "median", "high50", "high90"} <= set(row)
