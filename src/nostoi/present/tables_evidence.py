"""Tables of the evidence: contradictions, biases, coverage, misses, and the account of rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from nostoi.present import words
from nostoi.present.caseview import CaseView
from nostoi.present.disclosure import Gate
from nostoi.present.evidence import RETURNED, SHARES, Observed, coverage, gated
from nostoi.present.reading import Fit, strings
from nostoi.present.strings import label, text
from nostoi.present.summary import Estimate, summarise, summarise_all
from nostoi.present.table import Shown, Table, cell

Ledger = Mapping[str, str]


def contradictions(fit: Fit, case: CaseView, gate: Gate, observed: Sequence[Observed]) -> Table:
    """Every published figure of return, the model's answer to it, and our own four rules."""
    by_id = {f.id: f for f in observed}
    rules = fit.names("rule")
    kept = sorted(
        (row for row in case.ledger if row.get("measure") in RETURNED),
        key=lambda row: (row.get("period_end", ""), row["id"]),
    )
    body = []
    for row in kept:
        found = by_id.get(row["id"])
        line = [_publisher(case, row), _published(row, gate), *_answers(found, gate, row)]
        line += [_ours(fit, gate, row, case, rule) for rule in rules]
        body.append(line)
    head = ["Publisher", "Published", "The model expects it to show",
            "the same without definition and bias",
            *(f"Ours: {label('rules', r)}" for r in rules)]  # fmt: skip
    return Table("contradictions", "Published figures of return, beside ours", head, body)


def _publisher(case: CaseView, row: Ledger) -> Shown:
    what = row.get("population", "") or row.get("definition", "")
    small = ", ".join(
        part for part in (row["id"], row.get("measure", "").replace("_", " "), what) if part
    )
    return cell(case.publisher(row.get("publisher", "")), small, link=row.get("source_url", ""))


def counts_persons(row: Ledger) -> bool:
    """Whether a ledger row counts persons, crossings or papers."""
    kind, measure = row.get("count_type", ""), row.get("measure", "")
    return kind not in (*SHARES, "context") and measure not in ("returned_share", "search")


def published(row: Ledger, gate: Gate) -> str:
    """The published value in words, through the gate."""
    many = counts_persons(row)
    shown = []
    for key in ("value", "low", "high"):
        raw = row.get(key, "")
        value = float(raw) if raw else math.nan
        kept = gate.count(value) if many and math.isfinite(value) else value
        unit = 1.0 if many else 0.1
        plain = words.number(kept, unit)
        shown.append(plain.removesuffix(".0") if raw else "")
    middle, low, high = shown
    tail = words.PERCENT if row.get("unit") == "percent" else ""
    tail += f" per {row['per']}" if row.get("per") else ""
    sign = {"at_least": "≥ ", "at_most": "≤ ", "about": "≈ "}.get(row.get("bound", ""), "")
    ranged = row.get("bound") == "range" and low and high
    return (f"{low}–{high}" if ranged else sign + (middle or low or high)) + tail


def _published(row: Ledger, gate: Gate) -> Shown:
    when = row.get("period_end", "")
    return cell(published(row, gate), f"for {when}; said {row.get('published', '')}")


def _in_unit(e: Estimate | None, many: bool) -> Shown:
    if e is None:
        return cell("–", style="number")
    if many:
        return cell(words.point(e), words.interval(e), "number")
    part = e.with_values([None if v is None else v / 100 for v in e.values()])
    return cell(words.point(part, True), words.interval(part, 90, True), "number")


def _answers(found: Observed | None, gate: Gate, row: Ledger) -> list[Shown]:
    if found is None:
        reason = row.get("reason", "") or text("notes.no_predictive")
        return [cell("not used", reason, "unused"), cell("–", style="number")]
    kept, many = gated(found, gate), found.counts_persons
    first = _in_unit(kept.shown, many)
    verdict = "inside" if found.inside(90) else "outside"
    return [
        cell(first.words, first.small, f"number {verdict}"),
        _in_unit(kept.unbiased, many),
    ]


def _ours(fit: Fit, gate: Gate, row: Ledger, case: CaseView, rule: str) -> Shown:
    if row.get("place") in case.places and row.get("place") != case.origin.code:
        return cell("–", style="number")
    dates = np.array(fit.dates, dtype="datetime64[D]")
    day = np.datetime64(row.get("period_end", fit.dates[-1])[:10])
    t = int(np.argmin(np.abs((dates - day).astype(int))))
    back = fit.draws("returned_rule", rule=rule)[..., t]
    if counts_persons(row):
        return _in_unit(gate.estimate(summarise(back)), True)
    both = back + fit.draws("stock_rule", rule=rule)[..., t]
    e = summarise(100 * back / np.maximum(both, 1e-9))
    base = float(np.quantile(both, 0.05))
    kept = e.with_values([None if gate.share(_part(v), base) is None else v for v in e.values()])
    return _in_unit(kept, False)


def _part(value: float | None) -> float | None:
    return None if value is None else value / 100


def biases(fit: Fit, case: CaseView) -> Table | None:
    """Bias of each publisher as a factor; None where the fit has none."""
    posterior = fit.groups["posterior"]
    if "bias" not in posterior:
        return None
    bias = posterior["bias"].transpose("chain", "draw", "source")
    names = strings(bias["source"].values)
    found = summarise_all(np.exp(np.asarray(bias.values, float)))
    order = sorted(range(len(names)), key=lambda i: -abs(math.log(found[i].median or 1.0)))
    body = []
    for i in order:
        e = found[i]
        value = f"{e.median:.2f}{words.mark(e)}"
        body.append(
            [cell(case.source(names[i])), cell(value, style="number"),
             cell(f"[{e.low50:.2f}–{e.high50:.2f}]", style="number"),
             cell(f"[{e.low90:.2f}–{e.high90:.2f}]", style="number")]
        )  # fmt: skip
    head = ["Publisher", "Bias (factor)", "50 % interval", "90 % interval"]
    return Table("bias", "Publisher bias", head, body, text("notes.bias"))


def covered(families: Mapping[str, Sequence[Observed]]) -> Table:
    """Share of figures inside the 50 and 90 % predictive intervals, by family."""
    everything = [f for found in families.values() for f in found]
    body = []
    for name, found in [*families.items(), ("all", everything)]:
        shares = [words.share(coverage(found, mass)) for mass in (50, 90)]
        title = label("families", name) if name != "all" else "all"
        line = [cell(title), cell(str(len(found)), style="number")]
        body.append([*line, *(cell(share, style="number") for share in shares)])
    head = ["Family", "Figures used", "inside 50 %", "inside 90 %"]
    return Table("coverage", "Predictive coverage", head, body)


def misses(observed: Sequence[Observed], case: CaseView, gate: Gate, n: int = 12) -> Table:
    """The figures that the model explains worst."""
    worst = sorted((f for f in observed if not f.inside(90)), key=lambda f: -f.distance)[:n]
    body = []
    for f in worst:
        row = case.row(f.id)
        value = published(row, gate) if row else f.id
        what = f"{f.id}, {case.place(f.place)}, {f.count_type} {f.measure}".replace("_", " ")
        distance = "beyond all draws" if math.isinf(f.distance) else f"{f.distance:.1f}"
        body.append(
            [cell(case.publisher(f.publisher), what, link=row.get("source_url", "")),
             cell(value, f"{f.start} – {f.end}", "number"),
             _in_unit(gated(f, gate).shown, f.counts_persons), cell(distance, style="number")]
        )  # fmt: skip
    head = ["Publisher", "Published", "The model expects", "Distance"]
    return Table("misses", "Worst misses", head, body, text("notes.misses"))


def account(case: CaseView) -> Table:
    """How many rows of the ledger are used, by family, and why the others are not."""
    used: Counter[str] = Counter()
    unused: Counter[str] = Counter()
    for row in case.ledger:
        if observer := row.get("observer", ""):
            used[str(case.observers.get(observer, {}).get("family", observer))] += 1
        else:
            unused["repeats another row" if row.get("repeats") else row.get("reason", "")] += 1
    body = [[cell(f"used: {label('families', k)}"), cell(str(n), style="number")]
            for k, n in used.most_common()]  # fmt: skip
    body += [[cell(f"not used: {k or 'no reason given'}"), cell(str(n), style="number")]
             for k, n in unused.most_common()]  # fmt: skip
    body.append([cell("all rows", style="total"), cell(str(len(case.ledger)), style="number")])
    return Table("account", "Account of the evidence", ["Rows of the ledger", "Number"], body)


def ledger(case: CaseView, gate: Gate) -> Table:
    """Every row of the ledger with its source, and whether it is used."""
    body = []
    for row in case.ledger:
        what = f"{row.get('count_type', '')} {row.get('measure', '')}".replace("_", " ")
        use = row.get("observer", "") or row.get("reason", "") or "not used"
        again = f"repeats {row['repeats']}" if row.get("repeats") else ""
        body.append(
            [cell(row["id"], link=row.get("source_url", "")),
             cell(case.publisher(row.get("publisher", "")), row.get("published", "")),
             cell(what, case.place(row.get("place", ""))),
             cell(published(row, gate), row.get("period_end", ""), "number"),
             cell(row.get("confidence", "")),
             cell(use, again, "" if row.get("observer") else "unused")]
        )  # fmt: skip
    head = ["Row", "Publisher", "What", "Value", "Confidence", "Used by, or why not"]
    return Table("ledger", "The evidence ledger", head, body)
