"""A web form whose every submission goes to ``leadctl capture submit``: standard Python only.

leadctl form add "Contact us" --category lead
python examples/web_form.py leads.db "Contact us" 8000
"""

from __future__ import annotations

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LARGEST = 1024 * 1024
PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Contact us</title>
<form method="post">
<label>First name <input name="first_name"></label>
<label>Last name <input name="last_name" required></label>
<label>E-mail <input name="email" type="email" required></label>
<label>Company <input name="company"></label>
<label>Message <textarea name="message"></textarea></label>
<button>Send</button>
</form>
<script>
// The tags of this visit, and those of the first visit that had any, which the browser keeps.
const here = new URLSearchParams(location.search), now = {};
for (const key of ["source", "medium", "campaign", "term", "content"])
  if (here.get("utm_" + key)) now[key] = here.get("utm_" + key);
const from = document.referrer ? new URL(document.referrer).hostname : "";
if (from && from !== location.hostname) now.referrer = from;
if (Object.keys(now).some(key => key !== "referrer") && !localStorage.getItem("first_touch"))
  localStorage.setItem("first_touch", JSON.stringify({...now, when: new Date().toISOString()}));
const first = JSON.parse(localStorage.getItem("first_touch") || "{}");
function send(name, value) {
  const field = document.createElement("input");
  Object.assign(field, {type: "hidden", name, value});
  document.forms[0].append(field);
}
for (const key in now) send(key === "referrer" ? key : "utm_" + key, now[key]);
for (const key in first) send("first_touch_" + key, first[key]);
</script></html>
"""
# Exit code of leadctl -> what the browser gets; 5 means stored, for a human to look at.
ANSWERS = {0: (200, "Thank you"), 5: (200, "Thank you"), 2: (400, "This cannot be read")}


class Handler(BaseHTTPRequestHandler):
    """Shows the form, and pipes what is posted to leadctl."""

    def do_GET(self) -> None:
        """Show the form."""
        self.answer(200, PAGE)

    def do_POST(self) -> None:
        """Hand the body over as it came."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.answer(413, "This is too much")
            return
        database, form = sys.argv[1:3]
        words = ["leadctl", "--db", database, "--lock-wait", "30", "capture", "submit", form, "-"]
        ran = subprocess.run(words, input=self.rfile.read(int(length)), check=False)
        self.answer(*ANSWERS.get(ran.returncode, (503, "Please try again later")))

    def answer(self, status: int, text: str) -> None:
        """Send a page."""
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[3])), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)
        server.serve_forever()
