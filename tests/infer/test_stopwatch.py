"""Time of the stages of a fit: known clocks, stages in order, nothing lost."""

from __future__ import annotations

from nostoi.infer.stopwatch import Stopwatch, cpu_seconds


def test_every_second_belongs_to_one_stage() -> None:
    wall, cpu = iter([10.0, 13.0, 14.0, 20.0]), iter([1.0, 5.0, 5.5, 6.0])
    heard: list[tuple[str, float]] = []
    watch = Stopwatch(lambda *told: heard.append(told), wall.__next__, cpu.__next__)
    for told in (("mode", 0.0), ("mode", 0.5), ("sample", 0.0)):
        watch.hear(*told)
    seconds = watch.read()
    assert list(seconds) == ["load", "mode", "sample"]
    assert [spent["wall"] for spent in seconds.values()] == [3.0, 1.0, 6.0]
    assert [spent["cpu"] for spent in seconds.values()] == [4.0, 0.5, 0.5]
    assert heard == [("mode", 0.0), ("mode", 0.5), ("sample", 0.0)]


def test_a_stage_that_comes_again_is_added_up() -> None:
    ticks = iter(range(100))
    watch = Stopwatch(lambda *_: None, lambda: 2.0 * next(ticks), lambda: 0.0)
    for stage in ("pilot", "sample", "pilot"):
        watch.hear(stage, 0.0)
    assert {stage: spent["wall"] for stage, spent in watch.read().items()} == {
        "load": 2.0,
        "pilot": 4.0,
        "sample": 2.0,
    }


def test_work_costs_seconds_of_the_processor() -> None:
    before = cpu_seconds()
    while cpu_seconds() - before < 0.02:
        sum(range(10_000))
    assert cpu_seconds() > before
