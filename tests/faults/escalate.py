#!/usr/bin/env python3
"""Kills the server with SIGKILL, again and again, while it climbs the ladder of several cases.

Afterwards every rung that the policy plans was climbed exactly once: one entry of the log, one mail in
the outbox for each person of the rung, and no two different mails at the mail server. Half of the kills
come at random moments, which follow from a seed; the other half as soon as a rung is seen to be climbed,
so that they fall between one commit and the next.
"""

import http.client
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

import program
from sink import Sink

CASES, RUNGS = 12, 20
SEED = int(os.environ.get("TICKMARK_FAULT_SEED", "20260105"))
CONFIG = os.path.join(program.FOLDER, "tickmark.toml")
PEOPLE = ("admin@load.example", "sponsor@load.example")
# One per cent of a minute: the first rung is due 0.6 seconds after a report, the last after 12.
LADDER = [f"{n}% of acknowledge -> compliance_lead" for n in range(1, RUNGS + 1)]
# At 90 seconds, after the end of this test: a policy without it could not be put in force.
LAST = "150% of any clock -> executive_sponsor"


def climbed():
    return program.rows("SELECT count(*) FROM clock_rung")[0][0]


def serve():
    """Starts the server and does not wait: what it does first is what is to be interrupted."""
    return subprocess.Popen(
        [program.PROGRAM, "serve", "--data", program.DATA, "--listen", f"127.0.0.1:{program.free_port()}", "--config", CONFIG],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_while_climbing(chance, until):
    """Returns how many kills there were, and how many of them left a part of what was due undone."""
    kills, between = 0, 0
    while time.time() < until:
        before, server = climbed(), serve()
        if kills % 2 == 0:
            time.sleep(chance.uniform(0.05, 0.6))
        else:
            patience = time.time() + 2
            while climbed() == before and time.time() < patience:
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.01))
        server.send_signal(signal.SIGKILL)
        server.wait()
        now = int(time.time() * 1_000_000)
        due = program.rows(f"SELECT count(*) FROM clock_case WHERE next_at <= {now}")[0][0]
        kills, between = kills + 1, between + (climbed() > before and due > 0)
    return kills, between


def rest_is_done():
    """Serves until every rung is climbed and every mail sent."""
    # What was being sent at a kill is sent again after its lease: the clock of the leases is moved
    # instead of waiting for it.
    with sqlite3.connect(f"{program.DATA}/tickmark.db") as database:
        database.execute("UPDATE job SET due_at = 0 WHERE due_at IS NOT NULL AND kind = 'mail'")
    database.close()
    server, left = serve(), None
    for _ in range(300):
        time.sleep(0.1)
        left = program.rows("SELECT count(due_at) FROM job WHERE kind = 'mail'")[0][0]
        if climbed() >= CASES * RUNGS and left == 0:
            break
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)
    if left:
        sys.exit(f"{left} mails were never sent")


def must_be_climbed_once(numbers):
    rungs = program.rows(
        """SELECT c.tracking_number, json_extract(r.body, '$.planned.why'), count(*)
           FROM clock_rung r JOIN case_record c ON c.id = r.case_id GROUP BY 1, 2"""
    )
    planned = {(number, line.split(" -> ")[0]) for number in numbers for line in LADDER}
    done = {(number, why) for number, why, _ in rungs}
    if done != planned:
        sys.exit(f"not climbed: {sorted(planned - done)[:5]}; not planned: {sorted(done - planned)[:5]}")
    if twice := [rung for rung in rungs if rung[2] != 1]:
        sys.exit(f"climbed more than once: {twice[:5]}")
    [(told,)] = program.rows(
        "SELECT count(*) FROM journal_entry WHERE CAST(entry AS TEXT) LIKE '%\"clocks.rung_climbed.v1\"%'"
    )
    if told != len(planned):
        sys.exit(f"{len(planned)} rungs were climbed, and the log says so {told} times")
    return planned


def must_be_mailed_once(planned, mails):
    outbox = program.rows("SELECT about, count(*) FROM job WHERE kind = 'mail' AND key LIKE 'clocks:%' GROUP BY about")
    if dict(outbox) != {person: len(planned) for person in PEOPLE}:
        sys.exit(f"{len(planned)} rungs were planned for each of two people; the outbox held {outbox}")
    arrived = {}
    for mail in mails:
        head = {name: re.search(rf"^{name}: (.+?)\r$", mail, re.M).group(1) for name in ("To", "Subject", "Message-ID")}
        arrived.setdefault((head["To"], head["Subject"]), set()).add(head["Message-ID"])
    wanted = {(person, f"Case {number}: {why}") for person in PEOPLE for number, why in planned}
    got = {one for one in arrived if one[1].startswith("Case ")}
    if got != wanted:
        sys.exit(f"not mailed: {sorted(wanted - got)[:5]}; not planned: {sorted(got - wanted)[:5]}")
    if differing := [one for one, ids in arrived.items() if len(ids) > 1]:
        sys.exit(f"told twice: {differing[:5]}")
    return sum(1 for mail in mails if "\r\nSubject: Case " in mail or mail.startswith("Subject: Case ")) - len(wanted)


def main():
    chance = random.Random(SEED)
    sink = Sink()
    sink.start()
    with open(CONFIG, "w") as file:
        file.write(f'[mail]\nurl = "smtp://127.0.0.1:{sink.port}"\nfrom = "Tickmark <t@load.example>"\n')
    invitation = program.make("Load Ltd")
    port = program.free_port()
    # Without a mail server, so that the second person's invitation is shown.
    server = program.start(port)
    cookie = program.begin(port, invitation)
    program.put_policy_in_force(
        port, cookie, ladder="\n".join([*LADDER, LAST]), target_undecided_acknowledge="1 minutes"
    )
    connection, numbers = http.client.HTTPConnection("127.0.0.1", port, timeout=20), []
    for _ in range(CASES):
        status, text = program.report(connection)
        if status != 201:
            sys.exit(f"a report was not taken: {status} {text[:300]!r}")
        numbers.append(program.number(text))
    filed = time.time()
    server.send_signal(signal.SIGKILL)
    server.wait()
    kills, between = kill_while_climbing(chance, filed + 0.6 * RUNGS + 1)
    rest_is_done()
    planned = must_be_climbed_once(numbers)
    again = must_be_mailed_once(planned, sink.mails)
    program.must_verify()
    print(
        f"{kills} kills (seed {SEED}), {between} of them with rungs climbed and others due: {len(planned)} rungs of "
        f"{CASES} cases climbed once each, {len(planned) * len(PEOPLE)} mails, {again} of them delivered again under their id"
    )
    if kills < 10 or between < 3:
        sys.exit("too few kills fell into the work to mean anything")


main()
