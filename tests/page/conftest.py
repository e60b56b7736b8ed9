"""A small fit, what the page serves of it, and a running server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jax
import pytest
import uvicorn

from nostoi.app.fitted import case_of_fit
from nostoi.app.page.routes import application
from nostoi.app.page.serve import listen
from nostoi.app.page.shelf import Shelf, stock
from nostoi.infer.fit import fit as run_fit
from nostoi.infer.settings import Settings

jax.config.update("jax_enable_x64", True)
SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"
TOKEN = "of-the-tests"  # noqa: S105 - a token of nothing
DRAWS = 50


@pytest.fixture(scope="package")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("page") / "fit"
    run_fit(SMALL, out, Settings(seed=1), quick=True)
    return out


@pytest.fixture(scope="package")
def shelf(fit: Path) -> Shelf:
    return stock(case_of_fit(fit), fit, DRAWS, lambda _done, _total: None)


@dataclass(frozen=True)
class Running:
    port: int

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.root}/?token={TOKEN}"


@pytest.fixture(scope="package")
def running(shelf: Shelf) -> Iterator[Running]:
    ear = listen(0)
    port = int(ear.getsockname()[1])
    config = uvicorn.Config(
        application(shelf, TOKEN, port), log_level="error", access_log=False, ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Running(port)
    server.should_exit = True
    thread.join(10)
    ear.close()
