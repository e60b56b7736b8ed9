"""``nostoi fit``: infer the hidden stocks and flows of a case; can be interrupted and resumed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json
from nostoi.infer.settings import Settings

if TYPE_CHECKING:
    from nostoi.case.case import Case
    from nostoi.study.figures import Questions


def fit(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The fit folder.")],
    quick: Annotated[
        bool, typer.Option(help="A few draws in a minute; marked approximate.")
    ] = False,
    chains: Annotated[
        int, typer.Option(min=2, max=16, help="Independent chains.")
    ] = Settings.chains,
    draws: Annotated[
        int | None,
        typer.Option(
            min=50,
            help=f"Draws per chain; else {Settings.draws}, and on until the chains agree.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed; the case's own by default.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Use only what was known on this day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Fit a case to its evidence and write its report. Run it again to go on."""
    from rich.console import Console

    from nostoi.base.numerics import prepare
    from nostoi.case.load import load

    case = load(folder)
    prepare()
    from nostoi.infer.fit import Ears
    from nostoi.infer.fit import fit as run_fit
    from nostoi.infer.progress import show_progress
    from nostoi.present.report import refuse_foreign, write_report
    from nostoi.study.facts import write_facts

    refuse_foreign(out / "report")  # before the minutes that a fit takes, not after
    settings = Settings(chains=chains, seed=case.spec.seed if seed is None else seed).exactly(draws)
    console = Console(stderr=True)
    day = None if as_of is None else as_of.date()
    asked = Asked(case if case.facts and day is None else None, Stages(console).hear)
    with show_progress(console, chains) as tick:
        ears = Ears(asked.hear, tick)
        meta = run_fit(folder, out, settings, quick=quick, as_of=day, ears=ears)
    if case.facts and day is None:
        console.print("Holding the facts of the case against the fit ...")
        write_facts(out, case, asked.questions())
    console.print("Writing the report ...")
    page = write_report(out, out / "report").html.resolve()
    if as_json:
        say_json({"format": 1, "ok": True, "fit": str(out), "report": str(page), **meta})
    else:
        say(summary(meta, out))
        say(f"Report: {page}")


class Asked:
    """What the facts of a case ask, compiled on the core that the search for the mode leaves."""

    def __init__(self, case: Case | None, then: Callable[[str, float], None]) -> None:
        """A case with facts, or None, and who else hears of the stages."""
        self._case, self._then = case, then
        self._made: Future[Questions | None] | None = None

    def hear(self, stage: str, share: float) -> None:
        """Begins with the search, and not before: a fit that is refused is refused at once."""
        self._then(stage, share)
        if stage == "mode" and self._case is not None and self._made is None:
            from nostoi.study.facts import questions_of

            aside = ThreadPoolExecutor(1)
            self._made = aside.submit(questions_of, self._case)
            aside.shutdown(wait=False)

    def questions(self) -> Questions | None:
        """The questions; None where there was no search to compile them beside."""
        return None if self._made is None else self._made.result()


class Stages:
    """Says what the fit is doing and how long the stage will still take."""

    def __init__(self, console: Any) -> None:
        """Speaks to `console`, at most every five seconds within a stage."""
        self.console, self.stage, self.since, self.said = console, "", 0.0, 0.0

    def hear(self, stage: str, share: float) -> None:
        """Stage name and the share of it that is done."""
        now = time.monotonic()
        if stage != self.stage:
            self.stage, self.since, self.said = stage, now, now
            self.console.print(TITLES.get(stage, stage))
        elif share <= STARTING:
            self.since = now
        elif now - self.said > 5.0 and share < 1.0:
            left = (now - self.since) * (1.0 - share) / (share - STARTING)
            self.console.print(f"  {100 * share:.0f} %, about {left:.0f} s left")
            self.said = now


STARTING = 0.02
"""Share of a stage that may go into compiling: it says nothing about the time left."""

TITLES = {
    "mode": "Looking for the most probable point ...",
    "sample": "Sampling ...",
    "go on": "The chains do not agree yet; sampling on ...",
    "quantities": "Computing what every draw says ...",
    "write": "Writing posterior.nc ...",
}


def summary(meta: dict[str, Any], out: Path) -> str:
    """What a reader should know of the finished fit."""
    found = meta["diagnostics"]
    state = "converged" if found["converged"] else "NOT CONVERGED"
    if meta["approximate"]:
        state = "APPROXIMATE"
    lines = [
        f"{meta['case']}: {state}; posterior in {out / 'posterior.nc'}",
        f"R-hat at most {found['max_rhat']:.3f}, effective draws at least "
        f"{found['min_ess_bulk']:.0f} (bulk) and {found['min_ess_tail']:.0f} (tail), "
        f"{found['divergences']} divergences.",
    ]
    return "\n".join([*lines, *(f"- {reason}" for reason in found["reasons"])])
