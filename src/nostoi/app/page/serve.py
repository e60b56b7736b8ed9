"""Serve: listen on the loopback, say where, and end cleanly."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable

import uvicorn

from nostoi.app.page.routes import application
from nostoi.app.page.shelf import Shelf
from nostoi.base.errors import Finding, NostoiError

LOOPBACK = "127.0.0.1"
MOST_CONNECTIONS = 200


def listen(port: int) -> socket.socket:
    """A socket on the loopback and nowhere else; 0 takes any free port.

    Raises:
        NostoiError: N728 when the port is taken.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
    except OSError as error:
        found.close()
        do = "give another --port, or none for any free one"
        raise NostoiError(Finding(728, f"port {port} cannot be used: {error}", do=do)) from error
    return found


def serve(shelf: Shelf, ear: socket.socket, tell: Callable[[str], None]) -> None:
    """Answer until interrupted.

    Args:
        shelf: what is served.
        ear: a bound socket.
        tell: is told the address with its token.
    """
    port, token = int(ear.getsockname()[1]), secrets.token_urlsafe(24)
    config = uvicorn.Config(
        application(shelf, token, port),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=2,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=16 * 1024,
        lifespan="on",
        ws="none",
    )
    tell(f"http://{LOOPBACK}:{port}/?token={token}")
    uvicorn.Server(config).run(sockets=[ear])
