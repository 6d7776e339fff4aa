#!/usr/bin/env python3
"""Moves the server's clock under load: hours ahead, days back, over a year, and to where it was.

Every report is acknowledged whatever the clock says, and is there afterwards; whoever is signed in is
answered or asked to sign in, never failed; a mail that was promised is sent once; the log verifies. The
clock is moved by libfaketime, which answers in place of the system; timers go on as they do in reality.
"""

import glob
import http.client
import os
import re
import signal
import sys
import threading
import time

import program
from sink import Sink

CLIENTS, EACH = 4, 10
CONFIG = os.path.join(program.FOLDER, "tickmark.toml")
CLOCK = os.path.join(program.FOLDER, "clock")
PLACES = [
    "/usr/lib/*/faketime/libfaketime.so.1",
    "/usr/lib/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
    "/usr/local/lib/faketime/libfaketime.so.1",
]
HOUR, DAY = 3_600, 86_400
JUMPS = [0, 2 * HOUR, -DAY, 400 * DAY, -3 * 365 * DAY, HOUR, 0]


def move(seconds):
    """Replaces the file at once, so that the server never reads half of it."""
    with open(CLOCK + ".next", "w") as file:
        file.write(f"{seconds:+d}s\n")
    os.replace(CLOCK + ".next", CLOCK)


def file_reports(port, promised, faults):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(EACH):
        status, text = program.report(connection)
        if status == 201:
            promised.append(program.number(text))
        else:
            faults.append(f"{status} {text[:200]!r}")


def invite(port, cookie, email):
    """Invites somebody; the session may have ended by the clock, and then the answer says so."""
    status, _, page = program.request(port, "GET", "/people/invite", cookie=cookie)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)
    if status >= 500:
        sys.exit(f"a page answered {status}: {page[-300:]}")
    if not csrf or status != 200:
        return False
    form = [("csrf", csrf.group(1)), ("email", email), ("roles", "viewer")]
    status, _, text = program.request(port, "POST", "/people/invite", form, cookie)
    if status >= 500:
        sys.exit(f"an invitation was answered with {status}: {text[-300:]}")
    return status == 303


def main():
    library = next((found for place in PLACES for found in sorted(glob.glob(place))), None)
    if library is None:
        print("left out: libfaketime is not installed (Debian: apt-get install faketime)")
        return
    sink = Sink()
    sink.start()
    with open(CONFIG, "w") as file:
        file.write(f'[mail]\nurl = "smtp://127.0.0.1:{sink.port}"\nfrom = "Tickmark <t@load.example>"\n')
    invitation = program.make("Clock Ltd")
    move(0)
    told = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": CLOCK,
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    port = program.free_port()
    server = program.start(port, ["--config", CONFIG], env={**os.environ, **told})
    cookie = program.begin(port, invitation)
    promised, faults, invited = [], [], []
    for turn, jump in enumerate(JUMPS):
        load = [threading.Thread(target=file_reports, args=(port, promised, faults)) for _ in range(CLIENTS)]
        for client in load:
            client.start()
        move(jump)
        email = f"p{turn}@load.example"
        if invite(port, cookie, email):
            invited.append(email)
        for client in load:
            client.join()
        deadline = time.time() + 30
        while time.time() < deadline and not all(sent(sink, email) for email in invited):
            time.sleep(0.1)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=60)
    if faults:
        sys.exit(f"{len(faults)} reports were not taken: {faults[:3]}")
    kept = program.must_be_kept(promised)
    years = {row[0] for row in program.rows("SELECT (reported_at / 31557600000000) FROM case_record")}
    if len(years) < 3:
        sys.exit(f"the clock did not move: reports lie in {len(years)} years only")
    wrong = {email: sent(sink, email) for email in invited if sent(sink, email) != 1}
    if wrong or len(invited) < 2:
        sys.exit(f"{len(invited)} were invited; not mailed exactly once: {wrong}")
    print(f"{len(JUMPS)} jumps: {len(promised)} reports acknowledged, {kept} kept; {len(invited)} invited and mailed once")


def sent(sink, email):
    return sum(1 for mail in sink.mails if re.search(rf"^To: {re.escape(email)}\r$", mail, re.M))


main()
