"""From checked parts to the resolved `Case`."""

from __future__ import annotations

from pathlib import Path

from nostoi.case.case import JOURNEYS, Case, Ledger, fingerprint
from nostoi.case.parse import Parts
from nostoi.case.resolve import full_form, one_way, origin_first
from nostoi.case.schema import CaseFile
from nostoi.case.sites import Site
from nostoi.case.ways import Leg, Town


def assemble(folder: Path, parts: Parts, spec: CaseFile) -> Case:
    """The case from parts that passed every check."""
    full = full_form(parts)
    code = parts.reading.code
    unread = frozenset[str]() if parts.sites else JOURNEYS
    known = {key: value for key, value in full.items() if key not in unread}
    return Case(
        folder=folder,
        spec=spec,
        places=tuple(origin_first(parts.places)),
        routes=tuple(row.it for row in one_way(parts.routes)),
        regimes=tuple(row.it for row in parts.regimes),
        money=tuple(row.it for row in parts.money),
        signals=tuple(row.it for row in parts.signals),
        groups=parts.groups,
        params=parts.params,
        evidence=Ledger(
            rows=tuple(row.it for row in parts.observations),
            sources={row.it.publisher: row.it for row in parts.sources},
            observers=parts.observers,
        ),
        limits=parts.reading.limits,
        code=code,
        full=full,
        facts=parts.facts,
        hash=fingerprint(known | {"code": code} if code else known),
        towns=tuple(Town.model_validate(row) for row in full.get("towns", ())),
        legs=tuple(Leg.model_validate(row) for row in full.get("legs", ())),
        lives=parts.lives,
        scenarios=parts.scenarios,
        sites=tuple(Site.model_validate(row) for row in full.get("sites", ())),
        conflicts=tuple(row.it for row in parts.conflicts),
        closures=tuple(row.it for row in parts.closures),
        recounts=tuple(row.it for row in parts.recounts),
    )
