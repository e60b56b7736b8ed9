"""``nostoi serve``: the estimate as a page on this machine, with live what-ifs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nostoi.app.screen import say, say_error


def serve(
    fit: Annotated[Path, typer.Argument(help="The fit folder.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 = any free one.")] = 0,
    draws: Annotated[
        int, typer.Option(min=50, max=1000, help="Draws of the posterior behind a what-if.")
    ] = 200,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
) -> None:
    """Show a fit as a page on this machine; nothing leaves it."""
    from nostoi.app.page.serve import listen

    ear = listen(port)
    with ear:
        from nostoi.base.numerics import prepare

        prepare()
        from nostoi.app.fitted import case_of_fit
        from nostoi.app.page.serve import serve as run
        from nostoi.app.page.shelf import stock

        case = case_of_fit(fit)
        say_error("Reading the fit and playing its base ...")
        shelf = stock(case, fit, draws, lambda _done, _total: None)

        def tell(address: str) -> None:
            say(f"{case.spec.title}\n  {address}\nOnly this machine can open it. Ctrl-C ends it.")
            if browser:
                import webbrowser

                webbrowser.open(address)

        run(shelf, ear, tell)
