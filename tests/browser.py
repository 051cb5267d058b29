"""A headless Chromium, driven through chromedriver's plain HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--no-proxy-server"),
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
SECONDS = 60
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One window."""

    def __init__(self, driver: str, profile: Path) -> None:
        self._base = driver
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={profile}"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self._base += f"/session/{self._post('/session', wanted)['sessionId']}"

    def go(self, address: str) -> None:
        """Open a page and wait until it has loaded."""
        self._post("/url", {"url": address})

    def fill(self, name: str, text: str) -> None:
        """Type into the field with this name."""
        self._post(f"/element/{self._find(f'[name={name}]')}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click what a CSS selector finds, and wait for the page that this loads."""
        self._post(f"/element/{self._find(selector)}/click", {})

    def text(self) -> str:
        """What the page says."""
        script = {"script": "return document.body.innerText", "args": []}
        return str(self._post("/execute/sync", script))

    def close(self) -> None:
        """Close the window."""
        _send("DELETE", self._base, None)

    def _find(self, selector: str) -> str:
        found = self._post("/element", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return _send("POST", f"{self._base}{path}", body)


def _send(method: str, address: str, body: dict[str, Any] | None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {"Content-Type": "application/json"}, method=method)
    with build_opener(ProxyHandler({})).open(request, timeout=SECONDS) as answer:
        return json.load(answer)["value"]


@contextmanager
def open_browser(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile."""
    assert DRIVER is not None
    with subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, text=True) as driver:
        try:
            assert driver.stdout is not None
            ports = (re.search(r"successfully on port (\d+)", line) for line in driver.stdout)
            port = next(found[1] for found in ports if found)
            browser = Browser(f"http://127.0.0.1:{port}", profile)
            try:
                yield browser
            finally:
                browser.close()
        finally:
            driver.terminate()
