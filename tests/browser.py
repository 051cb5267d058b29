"""A headless Chromium, driven through chromedriver's plain HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from base64 import b64decode
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
        asked = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        wanted = {"capabilities": {"alwaysMatch": asked}}
        self._base += f"/session/{self._post('/session', wanted)['sessionId']}"

    def go(self, address: str) -> None:
        """Open a page and wait until it has loaded."""
        self._post("/url", {"url": address})

    def fill(self, name: str, text: str) -> None:
        """Type into the field with this name."""
        self._post(f"/element/{self._find(f'[name={name}]')}/value", {"text": text})

    def click(self, selector: str) -> None:
        """Click what a CSS selector finds, and wait for the page that this loads."""
        # What is set on this page is not set on the next: only by that is it known to be there.
        self.value("window.left = true")
        self._post(f"/element/{self._find(selector)}/click", {})
        end = time.monotonic() + SECONDS
        while not self.value("!window.left && document.readyState === 'complete'"):
            assert time.monotonic() < end, "nothing was loaded"
            time.sleep(0.05)

    def text(self) -> str:
        """What the page says."""
        return str(self.value("document.body.innerText"))

    def value(self, expression: str) -> Any:
        """What a JavaScript expression is on the page."""
        return self._post("/execute/sync", {"script": f"return {expression}", "args": []})

    def emulate(self, width: int, **features: str) -> None:
        """Make the window so wide, with these media features (``media`` is the medium)."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self._command("Emulation.setDeviceMetricsOverride", size)
        media = {"media": features.pop("media", "screen")}
        named = [{"name": key.replace("_", "-"), "value": text} for key, text in features.items()]
        self._command("Emulation.setEmulatedMedia", {**media, "features": named})

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = self._command("Page.captureScreenshot", {"captureBeyondViewport": True})
        return b64decode(shot["data"])

    def printed(self) -> bytes:
        """The page as PDF."""
        return b64decode(self._post("/print", {}))

    def complaints(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [line["message"] for line in self._post("/se/log", {"type": "browser"})]

    def _command(self, name: str, parameters: dict[str, Any]) -> Any:
        return self._post("/goog/cdp/execute", {"cmd": name, "params": parameters})

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
