"""Columns that people have for themselves: drifts by hand, bytes, refusals, and the common work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from benchmarks.exit_return import by_hand, engine, rules, vectors, work

from nostoi.base import maths
from nostoi.base.maths import log
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.engine.agents.bounds import Interval
from nostoi.engine.agents.drifts import write
from nostoi.engine.agents.lift import Layout
from nostoi.engine.agents.own import Own, Span
from nostoi.engine.agents.run import AgentRun, Settings, cast_of, get_ready
from nostoi.engine.agents.scene import Fields
from nostoi.engine.model import Model
from nostoi.rules.card import Rule, push

PERSONS, SEED = 3001, 4
STILL = np.zeros((work.DAYS, work.GROUPS, 1 + work.HOSTS))


def played(own: Own, changes: dict[str, Any], chosen: tuple[Rule, ...] = rules.RULES) -> AgentRun:
    """The common work with some settings or numbers of rules changed."""
    model = Model(engine.world_of(PERSONS), chosen, ())
    knobs = {k: v for k, v in changes.items() if k in ("threads", "chunk", "seed", "everyone")}
    values = engine.values_of() | {k: v for k, v in changes.items() if k not in knobs}
    settings = replace(Settings(seed=SEED, people=PERSONS, everyone=True), **knobs)
    cast = cast_of(model, settings)
    return get_ready(model, values, settings, cast, Fields(STILL, STILL), own).play()


def of(found: AgentRun) -> list[bytes]:
    """All that a run leaves behind."""
    parts = (*found.record, *found.people, *found.own.values())
    return [np.asarray(part).tobytes() for part in parts]


def test_same_bytes_whatever_the_work() -> None:
    own = engine.own_of(PERSONS, SEED)
    wanted = of(played(own, {}))
    for threads, chunk in ((2, 65_536), (1, 61), (3, 100)):
        assert of(played(own, {"threads": threads, "chunk": chunk})) == wanted
    assert of(played(own, {"seed": 5})) != wanted
    assert (own.start["belief"] == np.float32(0.05)).all()  # a run leaves the start as it is


def test_columns_of_people_who_stay_by_hand() -> None:
    """Nobody moves: belief follows its recursion with each person's luck, savings add up."""
    own = engine.own_of(PERSONS, SEED)
    found = played(own, {"leave_base": -np.inf})
    belief = np.full(PERSONS, 0.05)
    luck = np.array([two_uniforms(seed_word(SEED), stream("luck"), np.uint64(i), np.uint64(20))[0]
                     for i in range(PERSONS)])  # fmt: skip
    alarmed = 0.0
    for t in range(work.DAYS):
        if t == 20:
            belief = np.maximum(belief, 0.8 * luck)
        signal = 0.0 if t < 20 else 0.8 * 0.5 ** ((t - 20) / 60)
        belief = belief + 0.01 * (signal + 0.05 * alarmed - belief)
        alarmed = float((belief > 0.5).mean())
    np.testing.assert_allclose(found.own["belief"], belief, atol=2e-5)
    np.testing.assert_allclose(found.own["savings"], own.start["savings"] + 200.0, rtol=1e-5)
    assert (found.people.status == 0).all()


def test_moves_cost_and_persons_are_conserved() -> None:
    """Savings by hand from the diary of one run without drifts: each departure costs five."""
    own = engine.own_of(PERSONS, SEED)
    still = {"saved_at_home": 0.0, "earned_abroad": 0.4, "spent_abroad": 0.4}
    found = played(own, still)
    record = found.record
    spent = (own.start["savings"] - found.own["savings"]) / 5.0
    left = record.leave.sum() + record.again.sum()
    assert left > 100
    assert spent.sum() == pytest.approx(left, rel=1e-5)
    assert (found.own["savings"] > 0.0).all()  # nobody leaves who cannot pay
    here = record.home.sum(1) + record.returned[:, 0].sum(1) + record.abroad[:, 0].sum(1)
    assert (here == PERSONS).all()
    np.testing.assert_array_equal(record.leave_to, record.arrive)  # journeys take no time
    assert (record.on_the_way == 0).all()


def test_leaving_is_exponential_in_closed_form() -> None:
    """Constant belief, enough savings, nobody returns: exp(-rate t) stay, within five sd."""
    start = {"belief": np.full(PERSONS, 0.3, np.float32), "savings": np.full(PERSONS, 99.0)}
    own = Own((Span("belief", 0.0, 1.0), Span("savings")), start, drawn=False, at_once=True)
    found = played(own, {"hearing": 0.0, "alarm": 0.0, "return_base": -np.inf})
    days = np.arange(1, work.DAYS + 1)
    wanted = np.exp(-0.004 * np.exp(2.0 * 0.3) * days)
    error = np.sqrt(wanted * (1 - wanted) / PERSONS)
    assert (np.abs(found.record.home.sum(1) / PERSONS - wanted) < 5 * error).all()
    assert found.own["savings"].dtype == np.float64


def test_a_bound_changes_no_byte() -> None:
    """A belief that may be anything gives an infinite bound, and the same lives."""
    own = engine.own_of(PERSONS, SEED)
    wide = replace(own, spans=(Span("belief"), Span("savings")))
    assert of(played(own, {})) == of(played(wide, {}))


@pytest.mark.parametrize("contender", [engine, by_hand, vectors])
def test_the_contenders_of_the_common_work_agree(contender: Any) -> None:
    """Each against the reference counts, as the benchmark demands it, and itself on two threads."""
    persons = 60_000
    runs = [contender.play(persons, seed, 1).counts for seed in (1, 2, 3)]
    assert work.agrees(np.mean(runs, 0), persons, len(runs))
    assert all((counts.sum(1) == persons).all() for counts in runs)
    assert (contender.play(persons, 3, 2).counts == runs[-1]).all()


def test_a_wrong_contender_does_not_agree() -> None:
    counts = vectors.play(60_000, 1).counts
    counts[:, 0] += 1500
    assert not work.agrees(counts, 60_000)


@push("leave", source="test", part="test")
def by_the_logarithm(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Has no value for people in debt."""
    return log(who.savings)


def test_a_rule_without_a_value_moves_nobody() -> None:
    savings = np.where(np.arange(PERSONS) % 2 == 0, -1.0, 50.0)
    own = Own((Span("savings"),), {"savings": savings}, drawn=False, at_once=True)
    found = played(own, {"leave_base": -5.0, "return_base": -np.inf}, (by_the_logarithm,))
    left = found.people.status != 0
    assert left[savings > 0.0].mean() > 0.9
    assert not left[savings < 0.0].any()


def test_what_people_of_a_cell_share_is_cut_out() -> None:
    """Only what reads the person stands in the loop over people."""
    names = ("shock", "signal")
    p = {name: (k, 0) for k, name in enumerate(rules.NUMBERS)}
    own = (Span("belief", 0.0, 1.0), Span("savings"))
    text = write(rules.RULES, Layout((), (), (), names, p, own, ("alarmed",), False, True)).text
    body = text.split("def drift_all(")[1].split("\n\n")[0]
    assert "s.now" not in body
    assert "s.p[" not in body
    assert "day.means" not in body
    assert text.count("day.means") == 1


def test_bad_columns_are_refused() -> None:
    own = engine.own_of(PERSONS, SEED)
    with pytest.raises(ValueError, match="record for everybody"):
        played(own, {"everyone": False})
    for start, what in (
        ({"belief": own.start["belief"]}, "savings needs one start"),
        ({**own.start, "savings": np.ones(7)}, "savings needs one start"),
        ({**own.start, "savings": np.ones(PERSONS, int)}, "savings needs one start"),
        ({**own.start, "belief": np.full(PERSONS, 1.5)}, "belief does not start in 0.0..1.0"),
        ({**own.start, "belief": np.full(PERSONS, np.nan)}, "belief does not start"),
    ):
        with pytest.raises(ValueError, match=what):
            played(replace(own, start=start), {})


def test_conditions_on_intervals() -> None:
    """A condition that is certain chooses; one that is not gives both."""
    wide = Interval(0.0, 3.0)
    assert maths.where(wide > 5.0, 1.0, 0.0) == Interval(0.0, 0.0)
    assert maths.where(wide >= 0.0, 1.0, 0.0) == Interval(1.0, 1.0)
    assert maths.where(wide < 1.0, 2.0, 7.0) == Interval(2.0, 7.0)
    assert maths.where(wide <= -1.0, 2.0, 7.0) == Interval(7.0, 7.0)
