"""Nobody but the reader at this machine gets an answer, and nothing they send reaches a file."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.page.conftest import TOKEN, Running

from nostoi.app.page import guard
from nostoi.app.page.guard import BURST, MOST_BODY, Bucket, Guard
from nostoi.app.page.routes import application
from nostoi.app.page.shelf import Shelf

PORT = 8000
HOST = f"http://127.0.0.1:{PORT}"
COOKIE = {f"nostoi_{PORT}": TOKEN}
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def ask(shelf: Shelf) -> Ask:
    """One request to the application, with a valid cookie unless told otherwise."""

    def one(method: str, path: str, *, cookies: Any = COOKIE, **more: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=application(shelf, TOKEN, PORT))
            async with httpx.AsyncClient(
                transport=transport, base_url=HOST, cookies=cookies
            ) as client:
                return await client.request(method, path, **more)

        return asyncio.run(go())

    return one


def test_without_a_token_nothing_is_said(ask: Ask) -> None:
    for path in ("/", "/api/summary", "/assets/app.js", "/nothing"):
        for cookies in ({}, {f"nostoi_{PORT}": "guessed"}, {"nostoi_1": TOKEN}):
            found = ask("GET", path, cookies=cookies)
            assert found.status_code == 403
            assert found.json()["findings"][0]["number"] == 724


def test_the_token_in_the_address_becomes_a_cookie(ask: Ask) -> None:
    found = ask("GET", f"/?token={TOKEN}", cookies={})
    assert (found.status_code, found.headers["location"]) == (303, "/")
    assert "HttpOnly" in found.headers["set-cookie"]
    assert "SameSite=Strict" in found.headers["set-cookie"]
    assert ask("GET", "/?token=wrong", cookies={}).status_code == 403
    assert ask("GET", "/?token=wrong").status_code == 403
    assert ask("GET", "/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1", "[::1]:8000",
                                  "127.0.0.1:8001", "localhost:8000.evil.example"])  # fmt: skip
def test_another_host_name_is_refused(ask: Ask, host: str) -> None:
    assert ask("GET", "/", headers={"host": host}).status_code == 421


def test_another_site_is_refused(ask: Ask) -> None:
    day = {"since": "2030-01-01"}
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert ask("POST", "/api/what-if", json=day, headers=headers).status_code == 403


def test_every_answer_carries_the_policy(ask: Ask) -> None:
    for path in ("/", "/api/summary", "/assets/app.js", "/missing"):
        found = ask("GET", path)
        assert found.headers["content-security-policy"] == guard.POLICY
        assert "unsafe" not in found.headers["content-security-policy"]
        assert found.headers["x-content-type-options"] == "nosniff"
        assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [
    "/../pyproject.toml", "/assets/../shelf.py", "/assets/..%2f..%2fshelf.py", "/api/../../etc",
    "/assets/%2e%2e/%2e%2e/guard.py", "/assets//etc/passwd", "/api/..%00",
    "/assets/index.html%00.js", "/static/index.html", "/etc/passwd",
])  # fmt: skip
def test_no_path_reaches_the_file_system(ask: Ask, path: str) -> None:
    found = ask("GET", path)
    assert found.status_code == 404
    assert found.headers["content-type"] == "application/json"


def test_methods_that_write_are_refused(ask: Ask) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert ask(method, "/api/summary").status_code == 405
    assert ask("POST", "/api/summary").status_code == 405
    assert ask("GET", "/api/what-if").status_code in (404, 405)


def test_a_large_body_is_refused(ask: Ask) -> None:
    large = b"[" + b" " * MOST_BODY + b"]"
    kind = {"content-type": "application/json"}
    assert ask("POST", "/api/what-if", content=large, headers=kind).status_code == 413


def test_a_large_body_without_length_is_refused(running: Running) -> None:
    def parts() -> Any:
        for _ in range(20):
            yield b" " * 8192

    with httpx.Client(cookies={f"nostoi_{running.port}": TOKEN}) as client:
        kind = {"content-type": "application/json"}
        found = client.post(f"{running.root}/api/what-if", content=parts(), headers=kind)
    assert found.status_code == 413


def test_a_slow_client_is_let_go_and_holds_up_nobody(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_SECONDS", 0.3)
    head = (
        f"POST /api/what-if HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
        f"Cookie: nostoi_{running.port}={TOKEN}\r\nContent-Type: application/json\r\n"
        "Content-Length: 30\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", running.port), 5) as slow:
        slow.sendall(head.encode())
        start = time.monotonic()
        cookies = {f"nostoi_{running.port}": TOKEN}
        assert httpx.get(f"{running.root}/api/summary", cookies=cookies).status_code == 200
        assert b"408" in slow.recv(4096)
        assert time.monotonic() - start < 5


def test_a_flood_is_refused() -> None:
    bucket = Bucket(last=0.0)
    passed = sum(bucket.take(0.0) for _ in range(1000))
    assert passed == BURST
    assert not bucket.take(0.0)
    assert bucket.take(1.0)


def test_a_guard_without_tokens_left_says_429() -> None:
    async def never(*_: Any) -> None:
        raise AssertionError("the request came through")

    guarded = Guard(never, TOKEN, PORT, Bucket(left=0.0, last=time.monotonic() + 60))
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def go() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
        await guarded(scope, _silent, send)

    asyncio.run(go())
    assert sent[0]["status"] == 429


def _silent() -> Coroutine[Any, Any, Any]:
    raise AssertionError("nothing is read before the rate is checked")


NESTED = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["since", "wave", "wave_date", "wave_persons", "risk", "hosts", "exit_ban", "off", "wages", "x"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=NESTED | st.dictionaries(FIELDS, NESTED, max_size=5))
def test_no_json_makes_the_server_fail(ask: Ask, data: Any) -> None:
    kind = {"content-type": "application/json"}
    for path in ("/api/what-if", "/api/reweight"):
        found = ask("POST", path, content=json.dumps(data).encode(), headers=kind)
        assert found.status_code in (200, 422)
        if found.status_code == 422:
            assert found.json()["findings"]


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_server_fail(ask: Ask, body: bytes) -> None:
    kind = {"content-type": "application/json"}
    for path in ("/api/what-if", "/api/reweight"):
        assert ask("POST", path, content=body, headers=kind).status_code in (400, 422)
        assert ask("POST", path, content=body).status_code == 415


@pytest.mark.parametrize("body", [b'{"risk": NaN}', b'{"risk": 1e999}', b"[" * 5000, b"\xff\xfe{}"])
def test_json_that_is_none_is_refused(ask: Ask, body: bytes) -> None:
    kind = {"content-type": "application/json"}
    assert ask("POST", "/api/what-if", content=body, headers=kind).status_code in (400, 422)


def test_the_server_listens_on_the_loopback_only(running: Running) -> None:
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with pytest.raises(OSError):
            socket.create_connection((str(address), running.port), 1).close()
