"""``nostoi cite``: what a figure rests on, with rules, parameters, publishers and addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nostoi.app.screen import say, say_json

if TYPE_CHECKING:
    from nostoi.case.case import Case
    from nostoi.study.cite import Citation


def cite(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    figure: Annotated[str, typer.Argument(help="A quantity of the fit, such as returned_end.")],
    label: Annotated[
        list[str] | None, typer.Argument(help="What picks one number: 6m, KAZ, 2023-03-31.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Parameters and rows shown.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
) -> None:
    """Say which rules, parameters and sources a figure of a fit rests on."""
    from nostoi.base.numerics import prepare

    prepare()
    from nostoi.app.fitted import case_of_fit
    from nostoi.study.cite import cite as run

    case = case_of_fit(fit)
    found = as_dict(case, run(case, fit, figure, label or []), most)
    if as_json:
        say_json(found)
    else:
        say(as_text(found))


def as_dict(case: Case, found: Citation, most: int) -> dict[str, Any]:
    """The citation for a machine; the keys are stable (see docs/json-output.md)."""
    from nostoi.infer.quantities import SHARES
    from nostoi.present.contrast import quantiles
    from nostoi.present.disclosure import Gate

    gate = Gate.of(case.spec.disclosure)
    share = found.figure.partition(",")[0] in SHARES
    cells = {
        name: value if share else gate.count(value)
        for name, value in quantiles(found.draws).items()
    }
    return {
        "format": 1,
        "ok": True,
        "figure": found.figure,
        "value": cells,
        "parameters": [
            {
                "parameter": lean.param.name + (f"[{lean.element}]" if lean.element else ""),
                "correlation": round(lean.correlation, 3),
                "narrowed": round(lean.narrowed, 3),
                "meaning": lean.param.meaning,
                "source": lean.param.source,
                "rules": [
                    {"rule": rule.name, "says": rule.says, "part": rule.part, "source": rule.source}
                    for rule in lean.rules
                ],
            }
            for lean in found.leans[:most]
        ],
        "publishers": {name: round(pull, 3) for name, pull in found.by_publisher().items()},
        "rows": [
            {
                "id": one.row.id,
                "pull": round(one.pull, 3),
                "error": round(one.error, 3),
                "publisher": one.publisher,
                "title": one.row.source_title,
                "url": one.row.source_url,
                "published": one.row.published,
                "observer": one.row.observer,
                "value": one.row.value,
                "unit": one.row.unit,
                "period_end": one.row.period_end.isoformat(),
            }
            for one in found.rows[:most]
        ],
    }


def as_text(found: dict[str, Any]) -> str:
    """The citation for a reader."""
    shown = [
        "withheld" if found["value"][name] is None else f"{found['value'][name]:,.4g}"
        for name in ("median", "low90", "high90")
    ]
    lines = [
        f"{found['figure']}: {shown[0]} ({shown[1]} to {shown[2]}), median and 90 % interval",
        "",
        "Parameters that vary with it (correlation; sd over that of the prior):",
    ]
    for one in found["parameters"]:
        card = f"{one['parameter']:28s} {one['meaning']} [{one['source']}]"
        lines += [f"  {one['correlation']:+.2f}  {one['narrowed']:.2f}  {card}"]
        lines += [
            f"{'':16s}rule {rule['rule']} ({rule['part']}): {rule['says']}" for rule in one["rules"]
        ]
    lines += ["", "Rows of evidence (shift of the mean, in sd, if the row counted twice):"]
    for one in found["rows"]:
        lines.append(
            f"  {one['pull']:+.2f} +- {one['error']:.2f}  {one['id']}  {one['publisher']}, "
            f"{one['published']}: {one['value']:g} {one['unit']} up to {one['period_end']}"
        )
        lines += [f"{'':16s}{part}" for part in (one["title"], one["url"]) if part]
    lines += ["", "Publishers by the sum of these shifts:"]
    lines += [f"  {pull:.2f}  {name}" for name, pull in list(found["publishers"].items())[:12]]
    return "\n".join(lines)
