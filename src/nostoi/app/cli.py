"""The shell: ``nostoi COMMAND``.

`COMMANDS` is the list of commands; each is one file in `commands`. Whatever a command raises as a
`NostoiError` becomes its numbered message and exit code 2, an interruption one line and code 130.
"""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nostoi import __version__
from nostoi.app.screen import say_error
from nostoi.base.errors import NostoiError

COMMANDS: tuple[str, ...] = (
    "new", "import", "export", "check", "run", "camps", "space", "fit", "nowcast", "doctor",
    "report",
    "serve", "explain", "cite", "compare", "forecast", "design", "score", "parity", "lives",
    "schema",
)  # fmt: skip
"""Commands in the order of the help; the module of the same name holds the function.

A command whose name is a word of Python has an underscore behind it there.
"""

BAD_INPUT = 2
INTERRUPTED = 130


class Shell(TyperGroup):
    """The group of commands with the one place where errors turn into exit codes."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except NostoiError as error:
            say_error(str(error))
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            say_error("Interrupted; what was saved is kept.")
            raise typer.Exit(INTERRUPTED) from None


def _show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"nostoi {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Who leaves after a shock, who stays away, and who quietly comes home."""


def build() -> typer.Typer:
    """The shell with all its commands."""
    app = typer.Typer(
        cls=Shell,
        name="nostoi",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        callback=_options,
    )
    for name in COMMANDS:
        word = f"{name}_" if iskeyword(name) else name
        module = import_module(f"nostoi.app.commands.{word}")
        app.command(name)(getattr(module, word))
    return app


def main() -> None:
    """Entry point of the program ``nostoi``."""
    build()()
