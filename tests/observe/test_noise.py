"""Scatter: intervals of a t4, the ends of rounded figures, and draws that obey the likelihood."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from tests.observe.conftest import TYPES, Maker, medians, row

from nostoi.base.record import Record
from nostoi.observe import scale
from nostoi.observe.noise import (
    NARROW,
    interval_log_mass,
    t4_log_density,
    t4_quantile,
    t4_share_below,
)

SPECS: dict[str, dict[str, Any]] = {
    "crossing": {"place": "BBB", "baseline": 100.0},
    "trips": {"place": "BBB", "crossing": "crossing"},
    "flow": {"place": "BBB"},
    "stock": {"place": "BBB"},
    "register": {"place": "BBB"},
    "survey": {},
    "poll": {"question": "fear"},
    "claim": {"quantity": "left"},
}


def quadrature(low: float, high: float) -> float:
    """Log of the integral of the t4 density by Gauss-Legendre with 200 points."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    x = (high + low) / 2 + (high - low) / 2 * nodes
    logs = stats.t.logpdf(x, 4)
    return float(
        logs.max() + np.log((weights * np.exp(logs - logs.max())).sum() * (high - low) / 2)
    )


def test_density_and_distribution() -> None:
    x = np.linspace(-30, 30, 121)
    np.testing.assert_allclose(t4_log_density(x), stats.t.logpdf(x, 4), rtol=1e-12)
    np.testing.assert_allclose(t4_share_below(x), stats.t.cdf(x, 4), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(t4_share_below(1e3 * x), stats.t.cdf(1e3 * x, 4), rtol=1e-9)
    slope = jax.vmap(jax.grad(t4_share_below))(x)
    np.testing.assert_allclose(slope, stats.t.pdf(x, 4), rtol=1e-9, atol=1e-17)
    share = np.array([1e-12, 1e-6, 0.01, 0.3, 0.5, 0.6, 0.99, 1.0 - 1e-9])
    np.testing.assert_allclose(t4_quantile(share), stats.t.ppf(share, 4), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize("middle", [0.0, 0.3, -1.0, 2.5, -8.0, 40.0, -500.0])
@pytest.mark.parametrize("width", [1e-9, 1e-3, 0.00499, 0.00501, 0.1, 0.5, 3.0])
def test_mass_of_an_interval(middle: float, width: float) -> None:
    """As the integral, on both sides of the takeover and however far out."""
    low, high = middle - width / 2, middle + width / 2
    found = float(interval_log_mass(jnp.asarray(low), jnp.asarray(high)))
    assert found == pytest.approx(quadrature(low, high), abs=1e-9)


def test_takeover_leaves_no_step() -> None:
    middle = np.linspace(-60.0, 60.0, 241)
    masses = [
        interval_log_mass(middle - w / 2, middle + w / 2)
        for w in (NARROW * (1 - 1e-9), NARROW * (1 + 1e-9))
    ]
    np.testing.assert_allclose(masses[0], masses[1], atol=1e-8)


def test_gradients_are_finite_everywhere() -> None:
    slope = jax.vmap(jax.grad(interval_log_mass))
    low = jnp.array([-1e6, -50.0, 0.0, 0.0, 50.0, 1e6])
    for width in (1e-9, 0.05, 0.2, 100.0):
        assert np.isfinite(np.asarray(slope(low, low + width))).all()


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        ({"value": 1000.0}, (999.5, 1000.5)),
        ({"value": 1000.0, "rounding": 100.0}, (950.0, 1050.0)),
        ({"value": 1000.0, "rounding": 100.0, "bound": "about"}, (950.0, 1050.0)),
        ({"value": 1e6}, (999950.0, 1000050.0)),
        ({"bound": "range", "low": 900.0, "high": 1100.0, "value": None}, (899.5, 1100.5)),
        ({"value": 1000.0, "bound": "at_least"}, (999.5, 1250.0)),
        ({"value": 1000.0, "bound": "at_most"}, (800.0, 1000.5)),
        ({"value": 15.0, "unit": "percent", "measure": "returned_share"}, (14.75, 15.25)),
    ],
)
def test_ends_of_figures(own: dict[str, Any], wanted: tuple[float, float]) -> None:
    assert scale.ends(row("claim", "a", **own)) == pytest.approx(wanted)


@pytest.mark.parametrize(("bound", "wanted"), [("at_least", -750.0), ("at_most", -1200.0)])
def test_bounds_of_negative_balances(bound: str, wanted: float) -> None:
    """More than -1000 reaches up to -750, less than -1000 down to -1200."""
    low, high = scale.ends(row("crossing", "a", measure="net", value=-1000.0, bound=bound))
    assert low < high
    assert wanted == pytest.approx(high if bound == "at_least" else low)


def test_scales_and_back() -> None:
    rows = (
        row("crossing", "a", value=1000.0),
        row("survey", "b", value=15.0, period_start=None),
        row("crossing", "c", value=-300.0, measure="net"),
    )
    kinds = np.array([scale.scale_of(r) for r in rows])
    assert kinds.tolist() == [scale.LOG, scale.LOGIT, scale.LINEAR]
    values = np.array([1000.0, 15.0, -300.0])
    there = scale.to_scale(values, kinds, np)
    np.testing.assert_allclose(there, [np.log(1000), np.log(0.15 / 0.85), -300.0])
    np.testing.assert_allclose(scale.from_scale(there, kinds, np), values)
    np.testing.assert_allclose(scale.prior_spread(rows), [0.06, 0.12, 0.06])
    low, high, _ = scale.interval(rows)
    assert (low < high).all()


def test_scatter_widens_counts_and_changes_and_no_balance_of_traffic(panel: Maker) -> None:
    """Beside the spread of a careful office, 0.06."""
    specs = {
        "here": {"family": "stock", "place": "BBB", "scatter": 0.08},
        "border": {"family": "crossing", "place": "BBB", "baseline": 100.0, "scatter": 0.08},
    }
    rows = [row("stock", "here", k, measure=m) for k, m in enumerate(("present", "change"))]
    rows += [row("crossing", "border", k, measure=m) for k, m in enumerate(("in", "net"))]
    made = {o.family: o.spread for o in panel(specs, rows).observers}
    np.testing.assert_allclose(made["stock"], [0.1, 0.1])
    np.testing.assert_allclose(made["crossing"], [0.1, 0.06])


@pytest.mark.parametrize("family", [*TYPES, "net"])
def test_draws_obey_the_likelihood(family: str, panel: Maker, record: Record) -> None:
    """The masses of adjoining narrow intervals are a distribution, and draws follow it."""
    kind = "crossing" if family == "net" else family
    own: dict[str, Any] = {"measure": "net"} if family == "net" else {}
    if TYPES[kind][2] == "percent":
        own |= {"value": 20.0}
    specs = {kind: {"family": kind} | SPECS[kind]}
    rows = [row(kind, kind, **own)]
    if kind == "trips":
        specs["crossing"] = {"family": "crossing"} | SPECS["crossing"]
        rows.append(row("crossing", "crossing"))
    made = panel(specs, rows)
    observer = next(o for o in made.observers if o.family == kind)
    values = medians(made)
    keys, seen = jax.random.split(jax.random.key(8), 4000), observer.seen(record, values)
    drawn = jax.vmap(lambda key: observer.draw(key, seen, values))(keys)[:, 0]
    on_scale = np.asarray(scale.to_scale(drawn, observer.scales))
    middle, spread = np.median(on_scale), np.subtract(*np.percentile(on_scale, [75, 25]))
    edges = middle + spread * np.sinh(np.linspace(-7.0, 7.0, 3001))
    observer.low, observer.high = edges[:-1], edges[1:]
    mass = np.exp(np.asarray(observer.loglik(seen, values)))
    assert mass.sum() == pytest.approx(1.0, abs=1e-4)
    below = np.concatenate([[0.0], np.cumsum(mass)])
    found = stats.kstest(on_scale, lambda x: np.interp(x, edges, below))
    assert found.pvalue > 0.001


@pytest.mark.parametrize(("kind", "measure"), [("crossing", "net"), ("stock", "change")])
def test_a_balance_near_zero_is_no_more_precise_than_others(
    kind: str, measure: str, panel: Maker, record: Record
) -> None:
    """What was published never changes how far it may lie from what is expected."""
    specs = {kind: {"family": kind} | SPECS[kind]}
    widths = []
    for value in (3.0, -40_000.0, 2_000_000.0):
        made = panel(specs, [row(kind, kind, measure=measure, value=value)])
        widths.append(float(made.centre_and_width(made.read(record), medians(made))[1][0]))
    assert widths[0] == widths[1] == widths[2] > 0.0


def test_panel_joins_its_observers(panel: Maker, record: Record) -> None:
    """Rows, likelihoods and draws of all families one behind the other, in one order."""
    families = list(TYPES)
    specs = {kind: {"family": kind} | SPECS[kind] for kind in families}
    rows = [row(k, k, value=20.0 if TYPES[k][2] == "percent" else 1000.0) for k in families]
    made = panel(specs, rows[::-1])
    values = medians(made)
    assert list(made.families) == list(made.names) == families
    alone = jnp.concatenate([o.loglik(o.seen(record, values), values) for o in made.observers])
    np.testing.assert_allclose(made.loglik(record, values), alone, rtol=1e-12)
    assert made.draw(jax.random.key(1), record, values).shape == (8,)
    np.testing.assert_allclose(
        made.biased(record, values), made.expected(record, values), rtol=1e-9
    )


def test_a_panel_without_rows(panel: Maker, record: Record) -> None:
    made = panel({}, [])
    assert made.loglik(record, {}).shape == (0,)
    assert made.params == ()
