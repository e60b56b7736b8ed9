"""One command of the shell per file; each imports what it needs only when it runs.

A module named ``x`` holds a function ``x`` whose signature typer reads. `nostoi.app.cli.COMMANDS`
lists the modules in the order in which ``nostoi --help`` shows them.
"""
