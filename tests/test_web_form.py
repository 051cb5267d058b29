"""The example of a web form, with a real browser in front of it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

import pytest

import leadctl
from tests.browser import CHROMIUM, DRIVER, open_browser

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = Path(leadctl.__file__).parent.parent / "examples" / "web_form.py"
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="THE BROWSER TEST OF THE WEB FORM IS SKIPPED: install chromium and chromium-driver",
)


@contextmanager
def served(path: Path, form: str) -> Iterator[str]:
    """Run the example as its own help says; gives the address."""
    surroundings = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    words = [sys.executable, str(EXAMPLE), str(path), form, "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@needs_browser
def test_a_browser_sends_the_form(cli, tmp_path) -> None:
    """SO-110, as it happens: a first visit from LinkedIn, a later one from Facebook that submits."""
    cli("form", "add", "Contact us", "--category", "lead")
    with served(cli.path, "Contact us") as address, open_browser(tmp_path / "profile") as browser:
        browser.go(f"{address}?utm_source=linkedin&utm_campaign=spring")
        browser.go(f"{address}?utm_source=facebook&utm_medium=paid+social")
        browser.fill("first_name", "Kåre <b>")
        browser.fill("last_name", "Ærlig & Sønn")
        browser.fill("email", "Kare@Example.com")
        browser.fill("company", "=1+1")
        browser.fill("message", "Line 1\nLine 2; 100 % + more")
        browser.click("button")
        assert browser.text() == "Thank you"
    (person,) = cli.json("person", "list")
    assert (person["first_name"], person["last_name"]) == ("Kåre <b>", "Ærlig & Sønn")
    assert (person["company"], person["lead_status"], person["form"]) == (
        "=1+1",
        "open",
        "Contact us",
    )
    shown = cli.json("person", "show", person["id"])
    assert (shown["first_touch"]["source"], shown["first_touch"]["campaign"]) == (
        "linkedin",
        "spring",
    )
    assert shown["first_touch"]["when"] is not None
    assert (shown["lead_creation"]["source"], shown["lead_creation"]["medium"]) == (
        "facebook",
        "paid social",
    )
    assert "message=Line+1%0D%0ALine+2" in cli.json("capture", "show", 1)["payload"]


def test_what_the_server_answers(cli) -> None:
    cli("form", "add", "Contact us")
    client = build_opener(ProxyHandler({}))
    with served(cli.path, "contact us") as address:
        for body in (b"email=a%40b.example&name=Kari", b"email=nonsense"):
            with client.open(address, body) as answer:
                assert answer.read() == b"Thank you"
        with pytest.raises(HTTPError) as refused:
            client.open(address, b"{")
        assert refused.value.code == 400
        refused.value.close()
        # Only announced: whoever is told "too much" while still sending may not hear it.
        with closing(HTTPConnection(address.split("/")[2], timeout=60)) as connection:
            connection.putrequest("POST", "/")
            connection.putheader("Content-Length", str(1024 * 1024 + 1))
            connection.endheaders()
            assert connection.getresponse().status == 413
    with served(cli.path, "none") as address:
        with pytest.raises(HTTPError) as refused:
            client.open(address, b"email=a%40b.example")
        assert refused.value.code == 503
        refused.value.close()
    assert [row["status"] for row in cli.json("capture", "list")] == ["processed", "failed"]
