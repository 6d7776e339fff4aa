"""The program under test: made, served, asked, looked at from outside. Shared by the tests beside it."""

import html.parser
import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse

PROGRAM = os.environ["TICKMARK_BIN"]
FOLDER = os.environ["TICKMARK_FAULT_DIR"]
DATA = os.path.join(FOLDER, "data")
PASSWORD = "a horse and a battery"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make(name):
    """`tickmark init`; returns the way in of the first administrator."""
    admin = ["--admin", "admin@load.example"]
    made = subprocess.run(
        [PROGRAM, "--json", "init", "--data", DATA, "--organization", name, *admin],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        sys.exit(f"init failed: {made.stderr}")
    return json.loads(made.stdout)["invitation"]


def start(port, arguments=(), **how):
    """Serves, and returns once the server listens. `how` is for the process: `env`, `preexec_fn`."""
    server = subprocess.Popen(
        [PROGRAM, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}", "--calm-per-minute", "0", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **how,
    )
    for _ in range(400):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return server
        except OSError:
            if server.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.02)
    sys.exit("the server does not listen")


def request(port, method, path, pairs=None, cookie=None):
    """One request with a form; returns status, cookie and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if cookie:
        headers["Cookie"] = cookie
    try:
        connection.request(method, path, urllib.parse.urlencode(pairs or []), headers)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Set-Cookie"), answer.read().decode()
    finally:
        connection.close()


def begin(port, invitation):
    """The administrator sets a password; returns the cookie of the session."""
    form = [("name", "Admin"), ("password", PASSWORD), ("again", PASSWORD)]
    _, cookie, text = request(port, "POST", invitation, form)
    if not cookie:
        sys.exit(f"the administrator could not begin: {text[-600:]}")
    return cookie.split(";")[0]


def report(connection, description="One of many."):
    """Files a report; returns the status and what was answered."""
    body = json.dumps(
        {"channel": "portal", "kind": "failure", "title": "Load", "description": description}
    )
    connection.request("POST", "/api/v1/reports", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def number(text):
    return json.loads(text)["tracking_number"]


def rows(query):
    """What the database holds, read beside the server or after it."""
    with sqlite3.connect(f"file:{DATA}/tickmark.db?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


def must_be_kept(promised):
    """Every acknowledged number is in the register, and the log verifies; returns how many are there."""
    kept = {row[0] for row in rows("SELECT tracking_number FROM case_record")}
    if lost := [n for n in promised if n not in kept]:
        sys.exit(f"{len(lost)} of {len(promised)} lost: {lost[:5]}")
    must_verify()
    return len(kept)


def must_verify():
    verified = subprocess.run([PROGRAM, "--json", "verify", DATA], capture_output=True, text=True)
    if verified.returncode != 0:
        sys.exit(f"the log does not verify: {verified.stdout[:2000]} {verified.stderr}")


class Form(html.parser.HTMLParser):
    """The fields of a page as they stand there, by the address that their form is sent to."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.at, self.area = {}, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        if tag == "form":
            self.at = self.forms.setdefault(at.get("action"), [])
        elif self.at is None or "name" not in at:
            return
        elif tag == "textarea":
            self.area = (at["name"], "")
        elif tag == "input" and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            self.at.append((at["name"], at.get("value") or ""))

    def handle_data(self, data):
        if self.area:
            self.area = (self.area[0], self.area[1] + data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.at.append(self.area)
            self.area = None
        elif tag == "form":
            self.at = None


def fill(port, page, action, cookie, **changes):
    """Sends the form of a page as it stands there, but for what is changed; returns what was answered."""
    _, _, text = request(port, "GET", page, cookie=cookie)
    fields = [(name, value) for name, value in Form(text).forms.get(action, []) if name not in changes]
    fields += [(name, value) for name, values in changes.items() for value in [values] if value is not None]
    return request(port, "POST", action, fields, cookie)


def put_policy_in_force(port, cookie, **changes):
    """One writes a reporting policy from the template, with changes; another, invited for it, approves."""
    roles = [("roles", role) for role in ("compliance_lead", "case_handler", "executive_sponsor")]
    _, _, page = request(port, "GET", "/people/invite", cookie=cookie)
    csrf = next(value for name, value in Form(page).forms["/people/invite"] if name == "csrf")
    form = [("csrf", csrf), ("email", "sponsor@load.example"), *roles]
    _, _, page = request(port, "POST", "/people/invite", form, cookie)
    other = begin(port, re.search(r"/invitation/[\w-]+", page).group(0))
    note = "For this test."
    status, _, page = fill(port, "/cases/policy/draft", "/cases/policy/draft", cookie, change_note=note, **changes)
    if status != 303:
        sys.exit(f"the policy was not written: {status} {page[-3000:]}")
    status, _, page = fill(port, "/cases/policy/1", "/cases/policy/1/approve", other)
    if status != 303:
        sys.exit(f"the policy was not approved: {status} {page[-3000:]}")
