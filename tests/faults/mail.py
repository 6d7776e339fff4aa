#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments while invitations are made and mailed.

Every invitation that was acknowledged must reach the mail server, every copy of a mail must carry one
Message-ID, and afterwards no link may be left in the database. The moments follow from a seed.
"""

import http.client
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse

KILLS = int(os.environ.get("TICKMARK_FAULT_KILLS", "25"))
SEED = int(os.environ.get("TICKMARK_FAULT_SEED", "20260105"))
PROGRAM = os.environ["TICKMARK_BIN"]
FOLDER = os.environ["TICKMARK_FAULT_DIR"]
DATA, CONFIG = os.path.join(FOLDER, "data"), os.path.join(FOLDER, "tickmark.toml")


class Sink(threading.Thread):
    """A mail server that takes everything, slowly enough to be interrupted."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.mails = []

    def run(self):
        while True:
            line, _ = self.socket.accept()
            threading.Thread(target=self.speak, args=(line,), daemon=True).start()

    def speak(self, line):
        lines = line.makefile("rwb")

        def say(text):
            lines.write(text + b"\r\n")
            lines.flush()

        try:
            say(b"220 sink")
            while command := lines.readline():
                verb = command[:4].upper()
                if verb == b"DATA":
                    say(b"354 go on")
                    mail = b""
                    while (part := lines.readline()) not in (b".\r\n", b""):
                        mail += part
                    self.mails.append(mail.decode())
                    # The effect has happened; here the program may die before it hears of it.
                    time.sleep(0.03)
                    say(b"250 taken")
                elif verb == b"QUIT":
                    say(b"221 bye")
                    return
                else:
                    say(b"250 ok")
        except OSError:
            pass  # the program was killed while it spoke
        finally:
            line.close()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(port):
    listen = f"127.0.0.1:{port}"
    server = subprocess.Popen(
        [PROGRAM, "serve", "--data", DATA, "--config", CONFIG, "--listen", listen],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
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
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if cookie:
        headers["Cookie"] = cookie
    connection.request(method, path, urllib.parse.urlencode(pairs or []), headers)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Set-Cookie"), answer.read().decode()


def invite(port, cookie, names, stop, promised):
    """Invites one after the other until the server is gone; keeps who was acknowledged."""
    try:
        _, _, page = request(port, "GET", "/people/invite", cookie=cookie)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        while not stop.is_set():
            email = next(names)
            form = [("csrf", csrf), ("email", email), ("roles", "viewer")]
            status, _, text = request(port, "POST", "/people/invite", form, cookie)
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
    made = subprocess.run(
        [PROGRAM, "--json", "init", "--data", DATA, "--organization", "Load Ltd", "--admin", "admin@load.example"],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        sys.exit(f"init failed: {made.stderr}")
    port = free_port()
    server = start(port)
    password = "a horse and a battery"
    form = [("name", "Admin"), ("password", password), ("again", password)]
    _, cookie, text = request(port, "POST", json.loads(made.stdout)["invitation"], form)
    if not cookie:
        sys.exit(f"the administrator could not begin: {text[-600:]}")
    cookie = cookie.split(";")[0]
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
        port = free_port()
        server = start(port)
    # What was being sent at a kill is sent again after its lease, which is as long as it says: the
    # clock of the leases is moved instead of waiting for it.
    server.kill()
    server.wait()
    with sqlite3.connect(f"{DATA}/tickmark.db") as database:
        interrupted = database.execute("UPDATE job SET due_at = 0 WHERE due_at IS NOT NULL").rowcount
    database.close()
    server = start(free_port())
    deadline, left = time.time() + 120, None
    while time.time() < deadline:
        with sqlite3.connect(f"file:{DATA}/tickmark.db?mode=ro", uri=True) as database:
            left = database.execute("SELECT count(*) FROM job WHERE due_at IS NOT NULL AND kind = 'mail'").fetchone()[0]
            kept = database.execute("SELECT count(*) FROM job WHERE payload IS NOT NULL AND kind = 'mail'").fetchone()[0]
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
    verified = subprocess.run([PROGRAM, "--json", "verify", DATA], capture_output=True, text=True)
    if verified.returncode != 0:
        sys.exit(f"the log does not verify: {verified.stdout[:2000]} {verified.stderr}")


main()
