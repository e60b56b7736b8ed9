"""Single lives as a page of Markdown, and the same shorter for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nostoi import __version__
from nostoi.case.case import Case
from nostoi.present import lives_words as say
from nostoi.present.lives_words import Words
from nostoi.present.strings import section, text
from nostoi.present.words import joined
from nostoi.study.chances import Chance, share_of
from nostoi.study.diary import Entry
from nostoi.study.likeness import SCALES
from nostoi.study.lives import Findings
from nostoi.study.paired import Effect, Near

FEW = 3
"""Reasons told per move in a terminal."""


@dataclass(frozen=True)
class Page:
    """What is said of a search.

    Attributes:
        case: the case.
        found: what the search found.
        seed: of the run.
        parameters: where the parameters come from, in words.
        brief: for a terminal: fewer reasons, no marks.
    """

    case: Case
    found: Findings
    seed: int
    parameters: str
    brief: bool = False

    @cached_property
    def words(self) -> Words:
        """Names of the case."""
        return say.words_of(self.case, self.found)

    def text(self) -> str:
        """The whole page."""
        parts = [
            *self._head(), *self._cannot(), *self._likely(), *self._near(), *self._effects(),
            self._footer(),
        ]  # fmt: skip
        return "\n".join(parts) + "\n"

    def _title(self, level: int, words: str) -> list[str]:
        if self.brief:
            return ["", words, "-" * len(words)] if level < 3 else ["", words]
        return ["", "#" * level + " " + words, ""] if level > 1 else ["# " + words, ""]

    def _head(self) -> Iterator[str]:
        found = self.found
        yield from self._title(1, text("lives.head", title=found.told.title))[self.brief :]
        yield ("" if self.brief else "> ") + text("lives.synthetic")
        yield ""
        yield text("lives.told", title=found.told.title, told_by=found.told.told_by)
        yield text(
            "lives.run", people=f"{found.people:,}", runs=_runs(len(found.runs)),
            weight=persons(found.runs[0].weight), seed=self.seed, parameters=self.parameters,
            left=f"{found.left:,}", origin=self.case.origin.name,
        )  # fmt: skip

    def limits(self) -> list[str]:
        """What the numbers cannot tell."""
        said = [text("lives.cannot_model", parameters=self.parameters)]
        said += [text(f"lives.cannot_{k}") for k in ("single", "felt", "money", "again")]
        if self.found.around.roads is not None:
            said.append(text("lives.cannot_roads"))
        unseen = self.found.runs[0].unseen
        if unseen:
            names = section("lives_names")
            parts = "; ".join(f"{names[one.name]} ({one.why})" for one in unseen)
            said.append(text("lives.cannot_unseen", parts=parts))
        return said

    def _cannot(self) -> Iterator[str]:
        yield from self._title(2, text("lives.cannot"))
        yield from (f"- {line}" for line in self.limits())

    def _likely(self) -> Iterator[str]:
        yield from self._title(2, text("lives.likely"))
        names = {place.place: place.name for place in self.case.places}
        seen = {part.name: part for part in self.found.runs[0].seen}
        head = ["part", "alone, of all", "of those who left", "of those who left then",
                "with all before, of all"]  # fmt: skip
        rows = [head]
        for one in self.found.chances[:-1]:
            label = say.part(seen[one.part], self.words, names)
            rows.append([label, *self._shares(one), say.share(one.so_far)])
        last = self.found.chances[-1]
        rows.append([text("lives_parts.all"), *self._shares(last), ""])
        yield from self._table(rows)
        yield ""
        yield text("lives.likely_note")
        yield _total(last)
        if len(self.found.runs) > 1:
            each = [run.chances[-1].all_people.people for run in self.found.runs]
            yield text("lives.by_run", each=joined([f"{n:,}" for n in each]))

    def _shares(self, one: Chance) -> list[str]:
        return [say.share(found) for found in (one.all_people, one.leavers, one.in_time)]

    def _table(self, rows: list[list[str]]) -> Iterator[str]:
        if not self.brief:
            for k, row in enumerate(rows):
                yield "| " + " | ".join(row) + " |"
                if k == 0:
                    yield "|" + "---|" * len(row)
            return
        for row in rows[1:]:
            yield f"  {row[0]}"
            yield "      " + "; ".join(
                f"{name} {cell}" for name, cell in zip(rows[0][1:], row[1:], strict=True) if cell
            )

    def _near(self) -> Iterator[str]:
        yield from self._title(2, text("lives.near"))
        scales = ", ".join(f"{name} {days:g} days" for name, days in SCALES.items())
        yield text("lives.near_note", scales=scales)
        for number, one in enumerate(self.found.near, 1):
            yield from self._title(3, f"{number}. {self._who(one)}")
            for entry in one.entries:
                yield from self._entry(entry)
            yield from self._again(one)

    def _who(self, one: Near) -> str:
        misses = ", ".join(f"{name} by {gap:.2f}" for name, gap in one.misses.items())
        near = f"distance {one.distance:.2f}" + (f" (misses {misses})" if misses else "")
        group = self.words.group(one.life.group)
        run = f"run {one.seed}, " if len(self.found.runs) > 1 else ""
        return f"Synthetic person {one.life.id} of the {group}: {run}{near}"

    def _entry(self, entry: Entry) -> Iterator[str]:
        words, mark = self.words, "" if self.brief else "**"
        move = words.move(entry.what, entry.place, entry.status)
        yield f"- {mark}{words.date(entry.day)}{mark}: {move}. {say.mood(entry)}."
        yield from (f"    - {ride}" for ride in say.rides(entry.rides, entry.day, words))
        why = entry.why
        if why is None:
            return
        yield f"    - why: {say.chance(why)}"
        for rule, factor, says in say.reasons(why, FEW if self.brief else None):
            yield f"    - x {factor:.3g} {rule}: {says}"
        if why.share is not None:
            pulls = [p for p in why.pulls if abs(p.value) > 0.02][: FEW if self.brief else None]
            drew = ", ".join(f"{p.rule} {p.value:+.2f}" for p in pulls)
            chose = f"{say.small(why.share)} of those who set out chose {words.place(entry.place)}"
            yield f"    - {chose}" + (f"; against all places: {drew} (log weight)" if drew else "")

    def _again(self, one: Near) -> Iterator[str]:
        yield from self._title(4, text("lives.again"))
        rows = [["with one change", "what becomes of it"]]
        for again in one.again:
            rows.append([again.change.says, say.difference(one.life, again.life, self.words)])
        if self.brief:
            yield from (f"  {change}: {what}" for change, what in rows[1:])
        else:
            yield from self._table(rows)

    def _effects(self) -> Iterator[str]:
        as_lived = self.found.effects[0]
        yield from self._title(2, text("lives.effects"))
        yield text("lives.effects_note", lives=as_lived.lives)
        yield ""
        rows = [["with one change", "lives", "the same", "leave", "come home", "called up",
                 "as near as lived"]]  # fmt: skip
        rows += [self._effect(effect) for effect in self.found.effects]
        yield from self._table(rows)
        for out in self.found.left_out:
            yield text("lives.left_out", what=f"{out.name.replace('_', ' ')} ({out.why})")

    def _effect(self, effect: Effect) -> list[str]:
        like = share_of(effect.like, effect.lives)
        shown = f"{effect.like} [{100 * like.low:.0f}–{100 * like.high:.0f} %]"
        says = "as lived" if effect.change is None else effect.change.says
        counts = (effect.lives, effect.same, effect.left, effect.returned, effect.called_up)
        return [says, *map(str, counts), shown]

    def _footer(self) -> str:
        return "\n" + text(
            "lives.footer", version=__version__, case=self.case.spec.name,
            hash=self.case.hash[:12], seed=self.seed, parameters=self.parameters,
        )  # fmt: skip


def _runs(number: int) -> str:
    return "one run" if number == 1 else f"{number} runs"


def persons(weight: float) -> str:
    """How many persons of the case a synthetic person stands for."""
    return "one person" if weight == 1.0 else f"{weight:,.0f} persons"


def _total(last: Chance) -> str:
    """All parts together, in a sentence."""
    found = last.all_people
    of, high = f"{found.of:,}", say.small(found.high)
    if found.people == 0:
        return text("lives.total_none", of=of, high=high)
    return text(
        "lives.total", people=f"{found.people:,}", of=of, share=say.small(found.share),
        low=say.small(found.low), high=high,
    )  # fmt: skip
