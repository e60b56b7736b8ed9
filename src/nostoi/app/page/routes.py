"""Routes: the page, its files, its documents, and two questions. Nothing writes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nostoi.app.page.desk import Desk
from nostoi.app.page.guard import App, Guard, RefusedError
from nostoi.app.page.shelf import Shelf
from nostoi.base.errors import NostoiError

Make = Callable[[Any], tuple[str, Callable[[], bytes]]]
JSON = "application/json"


def application(shelf: Shelf, token: str, port: int) -> App:
    """The application with its guard."""
    desk = Desk()

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        yield
        desk.close()

    async def page(request: Request) -> Response:
        return _file("index.html", shelf, request)

    async def asset(request: Request) -> Response:
        return _file(request.path_params["name"], shelf, request)

    async def document(request: Request) -> Response:
        found = shelf.documents.get(request.path_params["name"])
        return _nothing() if found is None else _packed(found, JSON, request)

    routes = [
        Route("/", page, methods=["GET"]),
        Route("/assets/{name:str}", asset, methods=["GET"]),
        Route("/api/what-if", _question(desk, shelf.what_if), methods=["POST"]),
        Route("/api/reweight", _question(desk, shelf.reweight), methods=["POST"]),
        Route("/api/{name:str}", document, methods=["GET"]),
    ]
    app = Starlette(routes=routes, lifespan=life, exception_handlers={404: _missing, 405: _missing})
    return Guard(app, token, port)


def _question(desk: Desk, make: Make) -> Any:
    """Endpoint that reads JSON, checks it, and waits for the answer."""

    async def endpoint(request: Request) -> Response:
        try:
            if request.headers.get("content-type", "").split(";")[0].strip() != JSON:
                raise RefusedError(415, 725, "the body is not JSON", f"send {JSON}")
            key, work = make(_parsed(await request.body()))
            return _packed(await desk.ask(key, work), JSON, request)
        except NostoiError as error:
            return _findings(422, [one.as_dict() for one in error.findings])
        except RefusedError as refusal:
            plain = {"number": refusal.number, "what": refusal.what, "do": refusal.do}
            return _findings(refusal.status, [plain])

    return endpoint


def _parsed(body: bytes) -> Any:
    """JSON without NaN and infinity.

    Raises:
        RefusedError: for anything else.
    """
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise RefusedError(400, 725, "the body cannot be read as JSON", "send one object") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _file(name: str, shelf: Shelf, request: Request) -> Response:
    thing = shelf.files.get(name)
    return _nothing() if thing is None else _packed(thing.body, thing.kind, request)


def _packed(body: bytes, kind: str, request: Request) -> Response:
    """Compressed bytes; browsers all read them, others get them plain."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(body, media_type=kind, headers=headers)
    import gzip

    return Response(gzip.decompress(body), media_type=kind)


def _nothing() -> Response:
    return _findings(404, [{"number": 725, "what": "nothing of this name", "do": "open /"}])


async def _missing(_request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return _findings(status, [{"number": 725, "what": "nothing of this name", "do": "open /"}])


def _findings(status: int, findings: list[Any]) -> Response:
    return JSONResponse({"ok": False, "findings": findings}, status)
