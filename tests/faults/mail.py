#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments while invitations are made and mailed.

Every invitation that was acknowledged must reach the mail server, every copy of a mail must carry one
Message-ID, and afterwards no link may be left in the database. The moments follow from a seed.
"""

import http.client
import os
import random
import re
import signal
import sqlite3
import sys
import threading
import time

import program
from sink import Sink

KILLS = int(os.environ.get("TICKMARK_FAULT_KILLS", "25"))
SEED = int(os.environ.get("TICKMARK_FAULT_SEED", "20260105"))
CONFIG = os.path.join(program.FOLDER, "tickmark.toml")


def start(port):
    return program.start(port, ["--config", CONFIG])


def invite(port, cookie, names, stop, promised):
    """Invites one after the other until the server is gone; keeps who was acknowledged."""
    try:
        _, _, page = program.request(port, "GET", "/people/invite", cookie=cookie)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        while not stop.is_set():
            email = next(names)
            form = [("csrf", csrf), ("email", email), ("roles", "viewer")]
            status, _, text = program.request(port, "POST", "/people/invite", form, cookie)
            if status == 303:
                promised.append(email)
            elif status not in (500, 503):
                print(f"an unexpected answer: {status} {text[-600:]}")
                os._exit(1)
    except (OSError, http.client.HTTPException, AttributeError):
        return  # the server was killed: what was under way was not acknowledged


def main():
    chance = random.Random(SEED)
    sink = Sink()
    sink.start()
    with open(CONFIG, "w") as file:
        file.write(f'[mail]\nurl = "smtp://127.0.0.1:{sink.port}"\nfrom = "Tickmark <t@load.example>"\n')
    invitation = program.make("Load Ltd")
    port = program.free_port()
    server = start(port)
    cookie = program.begin(port, invitation)
    promised, names = [], (f"p{n}@load.example" for n in range(10**9))
    for _ in range(KILLS):
        stop = threading.Event()
        client = threading.Thread(target=invite, args=(port, cookie, names, stop, promised))
        client.start()
        time.sleep(chance.uniform(0.05, 0.5))
        server.send_signal(signal.SIGKILL)
        server.wait()
        stop.set()
        client.join()
        port = program.free_port()
        server = start(port)
    # What was being sent at a kill is sent again after its lease, which is as long as it says: the
    # clock of the leases is moved instead of waiting for it.
    server.kill()
    server.wait()
    with sqlite3.connect(f"{program.DATA}/tickmark.db") as database:
        interrupted = database.execute("UPDATE job SET due_at = 0 WHERE due_at IS NOT NULL").rowcount
    database.close()
    server = start(program.free_port())
    deadline, left = time.time() + 120, None
    while time.time() < deadline:
        [(left, kept)] = program.rows("SELECT count(due_at), count(payload) FROM job WHERE kind = 'mail'")
        if left == 0:
            break
        time.sleep(0.2)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=60)
    if left or kept:
        sys.exit(f"{left} mails were never sent, {kept} are still kept")
    arrived = {}
    for mail in sink.mails:
        to = re.search(r"^To: (.+?)\r$", mail, re.M).group(1)
        arrived.setdefault(to, []).append(re.search(r"^Message-ID: (.+?)\r$", mail, re.M).group(1))
    lost = [email for email in promised if email not in arrived]
    twice = {to: ids for to, ids in arrived.items() if len(ids) > 1}
    print(
        f"{KILLS} kills (seed {SEED}): {len(promised)} invitations acknowledged, {len(arrived)} mailed, "
        f"{len(twice)} of them twice, {len(lost)} lost; {interrupted} jobs were open at the last kill"
    )
    if len(promised) < KILLS:
        sys.exit("too little load for the kills to mean anything")
    if lost:
        sys.exit(f"lost: {lost[:5]}")
    if differing := [to for to, ids in twice.items() if len(set(ids)) > 1]:
        sys.exit(f"a repeated mail has another Message-ID: {differing[:5]}")
    program.must_verify()


main()
