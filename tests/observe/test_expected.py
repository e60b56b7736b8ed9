"""What each family shows of a record in which nothing changes, by hand.

The period of the rows is four weeks; see `constant_record` for the flows and stocks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.observe.conftest import Maker, medians, row

from nostoi.base.record import Record

BORDER: dict[str, Any] = {"family": "crossing", "place": "BBB", "baseline": 100.0}
TRIPS: dict[str, Any] = {"family": "trips", "place": "BBB", "crossing": "border"}
PAPERS: dict[str, Any] = {"family": "register", "place": "BBB", "coverage": 0.5, "renewal": 0.5}
DATE: dict[str, Any] = {"period_start": None}


def shown(panel: Any, record: Record, **own: Any) -> list[float]:
    """Expected figures of a panel at prior medians."""
    found: list[float] = np.asarray(panel.expected(record, medians(panel, **own))).tolist()
    return found


def test_border_counts_moves_and_ordinary_traffic(panel: Maker, record: Record) -> None:
    """2800 arrive and 840 leave; 100 a day cross each way anyhow; net is in minus out."""
    rows = [row("crossing", "border", i, measure=m) for i, m in enumerate(("in", "out", "net"))]
    rows += [row("crossing", "border", 3, measure="both"), row("crossing", "border", 4, per="day")]
    rows += [
        row("crossing", "border", 5, group="exposed"),
        row("crossing", "border", 6, per="week"),
    ]
    found = shown(panel({"border": BORDER}, rows), record)
    assert found == pytest.approx([5600, 3640, 1960, 9240, 200, 1200 + 1400, 1400])


def test_border_coverage_thins_moves_only(panel: Maker, record: Record) -> None:
    seen = panel({"border": BORDER | {"coverage": 0.5}}, [row("crossing", "border")])
    assert shown(seen, record) == pytest.approx([1400 + 2800])


def test_border_growth_and_season(panel: Maker, record: Record) -> None:
    """Log-linear growth around the end of the first year; exits follow entries by the stay."""
    rows = [row("crossing", "border", i, measure=m) for i, m in enumerate(("in", "out"))]
    made = panel({"border": BORDER | {"season": 1, "stay": 14.0}}, rows)
    mids = 91.0 + 3.5 + 7.0 * np.arange(4)
    usual = [700.0 * np.exp(0.3 * ((mids - stay) / 365.25 - 1.0)).sum() for stay in (0, 14)]
    found = shown(made, record, crossing_growth=0.3)
    assert found == pytest.approx([2800 + usual[0], 840 + usual[1]])
    angle = 2 * np.pi * (mids + 1) / 365.25
    wave = 700.0 * np.exp(0.2 * np.cos(angle)).sum()
    assert shown(made, record, crossing_season0=0.2)[0] == pytest.approx(2800 + wave)


def test_trips_share_the_traffic_of_the_border(panel: Maker, record: Record) -> None:
    """3080 set out for the host; the ordinary traffic is that of the host's own count."""
    rows = [row("crossing", "border"), row("trips", "trips")]
    made = panel({"border": BORDER, "trips": TRIPS}, rows)
    assert shown(made, record) == pytest.approx([5600, 2800 + 3080])
    assert shown(made, record, crossing_level=50.0, trips_ratio=2.0) == pytest.approx(
        [2800 + 1400, 2 * (1400 + 3080)]
    )


def test_trips_need_no_figure_of_the_border(panel: Maker, record: Record) -> None:
    """The border's own count may be unpublished: its traffic is then known by its prior."""
    made = panel({"border": BORDER, "trips": TRIPS}, [row("trips", "trips")])
    assert shown(made, record) == pytest.approx([2800 + 3080])


def test_flows_by_residence_rule(panel: Maker, record: Record) -> None:
    """Any: 2800 in, 840 out. Three months: 126 a week reach them; 504 arrivals, 504 exits."""
    spec = {"family": "flow", "place": "BBB", "coverage": 0.9}
    rows = [
        row("flow", "now", i, measure=m) for i, m in enumerate(("arrivals", "departures", "net"))
    ]
    rows += [row("flow", "later", i, measure=m) for i, m in enumerate(("arrivals", "departures"))]
    made = panel({"now": spec, "later": spec | {"rule": "3m"}}, rows)
    assert shown(made, record) == pytest.approx([2520, 756, 1764, 453.6, 453.6])


def test_late_arrivals_are_stretched(panel: Maker, record: Record) -> None:
    """Of the last eight weeks' arrivals nobody can have stayed for three months yet: the part
    that is seen stands for the whole period.
    """
    spec = {"family": "flow", "place": "BBB", "coverage": 1.0, "rule": "3m"}
    late = row("flow", "later", period_start="2030-09-03", period_end="2030-12-30")
    found = shown(panel({"later": spec}, [late]), record)
    assert found == pytest.approx([17 * 126], rel=1e-6)


def test_stocks(panel: Maker, record: Record) -> None:
    """Present: newcomers; all: with the settled; change: between two evenings."""
    spec: dict[str, Any] = {"family": "stock", "place": "BBB"}
    rows = [
        row("stock", "plain", **DATE),
        row("stock", "plain", 1, measure="change"),
        row("stock", "long", **DATE),
        row("stock", "whole", measure="all", **DATE),
    ]
    specs = {"plain": spec, "long": spec | {"rule": "3m"}, "whole": spec | {"settled": 500.0}}
    made = panel(specs, rows)
    assert shown(made, record) == pytest.approx([1000, 0, 600, 1500])
    weeks = np.arange(1.0, 53.0)[:, None, None]
    assert shown(made, record._replace(abroad=record.abroad * weeks)) == pytest.approx(
        [17000, 4000, 10200, 17500]
    )


def test_papers_expire_while_persons_stay(panel: Maker, record: Record) -> None:
    """17 weeks of 700 arrivals, half with papers; valid for four weeks: the last 29 days, and
    half of the older ones renewed. Settled holders are added.
    """
    specs = {
        "ever": PAPERS | {"settled": 300.0},
        "month": PAPERS | {"validity": 28.0},
        "slow": PAPERS | {"after": 4.0, "lag": 3.0},
    }
    made = panel(specs, [row("register", name, **DATE) for name in specs])
    wanted = [11900 / 2 + 300, 2900 / 2 + 9000 / 4, 11200 / 2]
    assert shown(made, record) == pytest.approx(wanted)
    assert shown(made, record, register_renewal=0.0)[1] == pytest.approx(1450)


def test_papers_of_the_departed_stay_valid(panel: Maker, record: Record) -> None:
    """A quiet return cancels no paper: without anybody left, as many are valid."""
    made = panel({"month": PAPERS | {"validity": 28.0}}, [row("register", "month", **DATE)])
    gone = record._replace(abroad=0.0 * record.abroad, go_home=record.arrive)
    assert shown(made, gone) == shown(made, record)


def test_papers_issued(panel: Maker, record: Record) -> None:
    """In four weeks to 2800 arrivals, or to the 504 who reach three months; 10 a day before."""
    specs = {"now": PAPERS | {"before": 10.0}, "later": PAPERS | {"after": 90.0}}
    made = panel(specs, [row("register", name, measure="issued") for name in specs])
    assert shown(made, record) == pytest.approx([1400 + 280, 252])


def test_surveys_count_errands_only_if_they_say_so(panel: Maker, record: Record) -> None:
    """500 home of 3500 who had been abroad; with errands of 11 % of the others, 23.7 %."""
    spec: dict[str, Any] = {"family": "survey"}
    specs = {"lasting": spec, "visits": spec | {"visits": "yes"}, "months": spec | {"rule": "3m"}}
    made = panel(specs, [row("survey", name, value=15.0, **DATE) for name in specs])
    lasting, visits, months = shown(made, record)
    assert lasting == pytest.approx(100 / 7)
    assert visits == pytest.approx(100 * (1 - 6 / 7 * 0.89))
    assert months == pytest.approx(100 / 7)
    assert visits >= lasting
    assert shown(made, record, survey_visited=0.0)[1] == pytest.approx(lasting)


def test_polls_follow_belief(panel: Maker, record: Record) -> None:
    """Mean belief 0.3 over the population; the link is a line of logits and has an inverse."""
    made = panel(
        {"fear": {"family": "poll", "question": "fear"}}, [row("poll", "fear", value=30.0)]
    )
    assert shown(made, record, poll_slope=1.0, poll_offset=0.0) == pytest.approx([30.0])
    (percent,) = shown(made, record, poll_slope=0.7, poll_offset=-0.4)
    logit = np.log(percent / (100.0 - percent))
    assert 1 / (1 + np.exp(-(logit + 0.4) / 0.7)) == pytest.approx(0.3)


def test_searches_follow_talk(panel: Maker, record: Record) -> None:
    """4 % talk; 1000 queries at 8 %, and half the log difference less."""
    search = row("poll", "search", measure="search", unit="queries", value=1000.0)
    made = panel({"search": {"family": "poll", "question": "how to leave"}}, [search])
    assert shown(made, record, poll_slope=0.5) == pytest.approx([1000 * np.sqrt(0.05 / 0.08)])


def test_claims(panel: Maker, record: Record) -> None:
    """2400 leave a week; 3000 are abroad, 300 back: 300 of the 40,800 who left in 17 weeks."""
    unit = {"returned_share": "percent"}
    names = ("left", "abroad", "returned", "returned_share")
    specs: dict[str, Any] = {n: {"family": "claim", "quantity": n} for n in names}
    specs["stayed"] = {"family": "claim", "quantity": "left", "rule": "3m"}
    rows = [row("claim", n, measure=n, unit=unit.get(n, "persons"), value=5.0) for n in names] + [
        row("claim", "stayed")
    ]
    found = shown(panel(specs, rows), record)
    assert found == pytest.approx([9600, 3000, 300, 100 * 300 / 40800, 1512])


def test_bias_multiplies_figures_but_not_balances(panel: Maker, record: Record) -> None:
    rows = [row("crossing", "border", i, measure=m) for i, m in enumerate(("in", "net"))]
    made = panel({"border": BORDER}, rows)
    values = medians(made, crossing_bias=0.1)
    found = np.asarray(made.biased(record, values))
    assert found == pytest.approx([5600 * np.exp(0.1), 1960])
    assert np.asarray(made.expected(record, values)) == pytest.approx([5600, 1960])


def test_a_balance_errs_by_a_share_of_its_traffic(panel: Maker, record: Record) -> None:
    """6 % of 1960 (with a thousand, as a hypotenuse), and 2 % of the 9240 crossings behind."""
    made = panel({"border": BORDER}, [row("crossing", "border", measure="net", value=1960.0)])
    _, width = made.centre_and_width(made.read(record), medians(made))
    assert float(width[0]) == pytest.approx(0.06 * np.hypot(1960, 1000) + 0.02 * 9240)
