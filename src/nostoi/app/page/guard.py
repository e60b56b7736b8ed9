"""Guard: who may ask, how much and how often, and what the browser may do with an answer.

The server speaks to one person's browser on the same machine. What it must keep out: other pages
open in that browser (token in a cookie of its own site, Host and Origin checked against DNS
rebinding and cross-site requests), floods, and bodies without end.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY = 64 * 1024
"""Bytes of a request's body."""

MOST_SECONDS = 10.0
"""Time in which a body must have come."""

RATE, BURST = 40.0, 200.0
"""Requests a second in the long run, and at once."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=()",
    "cache-control": "no-store",
}


@dataclass
class Bucket:
    """A bucket of tokens: `RATE` run in each second, a request takes one."""

    left: float = BURST
    last: float = field(default_factory=time.monotonic)

    def take(self, now: float) -> bool:
        """Whether one more request may pass at a time."""
        self.left = min(BURST, self.left + (now - self.last) * RATE)
        self.last = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


@dataclass(frozen=True)
class RefusedError(Exception):
    """An answer that refuses: status, number of the error, what is wrong, what to do."""

    status: int
    number: int
    what: str
    do: str


@dataclass
class Guard:
    """The outer layer of the application.

    Attributes:
        app: what is guarded.
        token: the secret of this start.
        port: the port that the server listens on.
    """

    app: App
    token: str
    port: int
    bucket: Bucket = field(default_factory=Bucket)

    @property
    def cookie(self) -> str:
        """Name of the cookie; ports share cookies, so the port is in it."""
        return f"nostoi_{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        sent = _with_headers(send)
        try:
            headers = self._check(scope)
            if self._has_fresh_token(scope):
                await self._welcome(sent)
                return
            self._check_cookie(headers)
            body = await _body(headers, receive)
        except RefusedError as refusal:
            await refuse(refusal, sent)
            return
        await self.app(scope, _replay(body, receive), sent)

    def _check(self, scope: Scope) -> Mapping[str, str]:
        """Rate, method, Host and Origin; returns the headers."""
        if not self.bucket.take(time.monotonic()):
            raise RefusedError(429, 727, "too many requests", "wait a moment")
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        hosts = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        if headers.get("host", "") not in hosts:
            raise RefusedError(421, 724, "wrong Host header", "open the address that was printed")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise RefusedError(405, 725, "method not allowed", "only GET and POST are served")
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            raise RefusedError(403, 724, "request from another site", "open the address printed")
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "same-origin") not in (
            "same-origin",
            "none",
        ):
            raise RefusedError(403, 724, "request from another site", "open the address printed")
        return headers

    def _has_fresh_token(self, scope: Scope) -> bool:
        """Whether the address of the page holds the token."""
        if scope["path"] != "/" or scope["method"] != "GET":
            return False
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if not given:
            return False
        if not _same(given, self.token):
            raise RefusedError(403, 724, "wrong token", "open the address that was printed")
        return True

    async def _welcome(self, send: Send) -> None:
        """Exchange the token for a cookie and drop it from the address."""
        kept = f"{self.cookie}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        headers = [(b"location", b"/"), (b"set-cookie", kept.encode("latin-1"))]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _check_cookie(self, headers: Mapping[str, str]) -> None:
        try:
            jar = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            jar = SimpleCookie()
        found = jar.get(self.cookie)
        if found is None or not _same(found.value, self.token):
            raise RefusedError(403, 724, "no valid token", "open the address that was printed")


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
    """The whole body, or a refusal when it is too long or too slow."""
    said = headers.get("content-length", "0")
    large = RefusedError(413, 725, "the body is too large", f"send at most {MOST_BODY} bytes")
    if said.isdigit() and int(said) > MOST_BODY:
        raise large
    try:
        async with asyncio.timeout(MOST_SECONDS):
            parts, size = [], 0
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise RefusedError(400, 725, "the request broke off", "send it again")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > MOST_BODY:
                    raise large
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise RefusedError(408, 725, "the body came too slowly", "send it again") from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives the body once, then whatever comes after (a disconnect)."""
    given = False

    async def again() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    """A sender that adds the headers of safety to every answer that lacks them."""

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            had = {name.lower() for name, _ in message.get("headers", [])}
            more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in had]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return sent


async def refuse(refusal: RefusedError, send: Send) -> None:
    """Send a refusal as JSON."""
    finding = {"number": refusal.number, "what": refusal.what, "do": refusal.do}
    body = json.dumps({"ok": False, "findings": [finding]}).encode()
    headers = [(b"content-type", b"application/json"),
               (b"content-length", str(len(body)).encode()), (b"connection", b"close")]  # fmt: skip
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
