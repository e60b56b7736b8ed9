"""Page one: the headline numbers, a table by residence rule, and a few plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.present import words
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Gate, Released, Row
from nostoi.present.evidence import RETURNED, Observed
from nostoi.present.plots import hosts_by_size
from nostoi.present.reading import Fit
from nostoi.present.strings import label, text
from nostoi.present.summary import QUANTILES, Estimate, summarise
from nostoi.present.table import Shown, Table, cell


@dataclass(frozen=True)
class Card:
    """One headline number with its definition and date."""

    name: str
    label: str
    definition: str
    date: str
    estimate: Estimate
    percent: bool = False

    @property
    def shown(self) -> bool:
        """False where disclosure control withheld the number."""
        return self.estimate.median is not None

    @property
    def value(self) -> str:
        """The median."""
        return words.point(self.estimate, self.percent)

    @property
    def within50(self) -> str:
        """The 50 % interval."""
        return words.interval(self.estimate, 50, self.percent)

    @property
    def within90(self) -> str:
        """The 90 % interval."""
        return words.interval(self.estimate, 90, self.percent)


def cards(fit: Fit, case: CaseView, gate: Gate) -> list[Card]:
    """The headline numbers, in reading order."""
    rule: dict[str, dict[str, object]] = {"abroad_end": {"rule": "any"}}
    rule |= {"returned_end": {"rule": "any"}, "returned_share_end": {"rule": "any"}}
    names = ("left_since_event", "abroad_end", "returned_end", "returned_12m",
             "returned_share_end", "ready_total", "again_total", "left_total")  # fmt: skip
    fill, out = dates(fit, case), []
    for name in names:
        source, where = name, rule.get(name, {})
        if name == "returned_12m":
            source, where = "returned_end", {"rule": "12m"}
        percent = name == "returned_share_end"
        found = summarise(fit.draws(source, **where))
        kept = gate.share_estimate(found, _base(fit, "any")) if percent else gate.estimate(found)
        words_ = text(f"headline.{name}"), text(f"headline.{name}_def", **fill)
        out.append(Card(name, *words_, fit.dates[-1], kept, percent))
    return out


def dates(fit: Fit, case: CaseView) -> dict[str, str]:
    """The dates and names that sentences need."""
    return {
        "origin": case.origin.name,
        "event": words.day(case.event),
        "event_name": case.event_name,
        "start": words.day(case.start),
        "end": words.day(fit.dates[-1]),
    }


def _base(fit: Fit, rule: str) -> float:
    """A low estimate of the persons that a share of returned is a share of."""
    both = fit.draws("returned_end", rule=rule) + fit.draws("abroad_end", rule=rule)
    return float(np.quantile(both, 0.05))


def released(found: list[Card], gate: Gate) -> Released:
    """The cards as tidy rows (their estimates have passed the gate)."""
    rows: list[Row] = []
    for card in found:
        quantiles = dict(zip(QUANTILES, card.estimate.values(), strict=True))
        rows.append(
            {"name": card.name, "date": card.date, **quantiles,
             "unit": "share 0..1" if card.percent else "persons",
             "converged": "yes" if card.estimate.converged else "no",
             "definition": card.definition}
        )  # fmt: skip
    withheld = sum(row[name] is None for row in rows for name in QUANTILES)
    return Released(tuple(rows), withheld, str(gate))


def by_rule(fit: Fit, gate: Gate) -> Table:
    """Abroad, returned and share of returned at the end, by residence rule."""
    body = []
    for rule in fit.names("rule"):
        abroad = gate.estimate(summarise(fit.draws("abroad_end", rule=rule)))
        back = gate.estimate(summarise(fit.draws("returned_end", rule=rule)))
        found = summarise(fit.draws("returned_share_end", rule=rule))
        share = gate.share_estimate(found, _base(fit, rule))
        body.append(
            [cell(label("rules", rule), label("rules_long", rule)), both(abroad), both(back),
             both(share, percent=True)]
        )  # fmt: skip
    head = ["Residence rule", "Abroad", "Returned", "Share returned"]
    return Table("rules", f"On {words.day(fit.dates[-1])}, by residence rule", head, body)


def both(e: Estimate, percent: bool = False) -> Shown:
    """A cell with the median over its 90 % interval."""
    return cell(words.point(e, percent), words.interval(e, 90, percent), "number")


def sentences(fit: Fit, case: CaseView, found: list[Card], observed: list[Observed]) -> list[str]:
    """Three to five sentences for a reader who reads nothing else."""
    by = {card.name: card for card in found}
    hosts = [case.place(code) for code in hosts_by_size(fit)[:3]]
    fill = dates(fit, case)
    left, abroad, back = by["left_since_event"], by["abroad_end"], by["returned_end"]
    long, ready = by["returned_12m"], by["ready_total"]
    out = [
        text("sentences.left", left=left.value, interval=left.within90, **fill),
        text("sentences.abroad", abroad=abroad.value, interval=abroad.within90,
             places=words.joined(hosts), **fill),
        text("sentences.returned" if long.shown else "sentences.returned_few",
             returned=back.value, interval=back.within90, returned12=long.value,
             interval12=long.within90),
    ]  # fmt: skip
    shares = [f for f in observed if f.measure in RETURNED and not f.counts_persons]
    if shares:
        ends = [words.share(f(o.point for o in shares) / 100) for f in (min, max)]
        agree = sum(o.inside(90) for o in shares)
        out.append(text("sentences.published", low=ends[0], high=ends[1], agree=agree,
                        total=len(shares)))  # fmt: skip
    out.append(text("sentences.ready", ready=ready.value, interval=ready.within90, **fill))
    return out
