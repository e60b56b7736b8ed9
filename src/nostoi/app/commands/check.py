"""``nostoi check``: all complaints about a case folder, or the account of its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nostoi.app.screen import say, say_error, say_json
from nostoi.base.errors import as_text

if TYPE_CHECKING:
    from nostoi.case.case import Account


def check(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")] = False,
    trust: Annotated[bool, typer.Option(help="Accept a rules.py in the case.")] = False,
) -> None:
    """Read a case and say all that is wrong with it at once."""
    from nostoi.case.check import check as check_case

    report = check_case(folder, trust=trust)
    if as_json:
        say_json(report.as_dict())
    else:
        if report.findings:
            say_error(as_text(report.findings))
        if report.case is not None and report.account is not None:
            say(f"{report.case.spec.name}: the case is complete.")
            say(account_text(report.account))
    if not report.ok:
        raise typer.Exit(2)


def account_text(account: Account) -> str:
    """The account of the evidence for a reader."""
    unused = sum(account.unused.values())
    lines = [f"Evidence: {account.rows} rows, {account.used} used, {unused} not used."]
    if account.by_observer:
        lines.append("Used by observer:")
        pairs = sorted(account.by_observer.items())
        lines += [f"  {rows:5d}  {name}" for name, rows in pairs]
    if account.unused:
        lines.append("Not used, by reason:")
        lines += [f"  {rows:5d}  {reason}" for reason, rows in account.unused.items()]
    return "\n".join(lines)
