#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments under load, a hundred times.

Every report that was acknowledged must be in the register afterwards, under the number that was
handed out, and the log must verify. The moments are random but follow from a seed that is printed.
"""

import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

KILLS = int(os.environ.get("TICKMARK_FAULT_KILLS", "100"))
SEED = int(os.environ.get("TICKMARK_FAULT_SEED", "20260105"))
CLIENTS = 8
PROGRAM = os.environ["TICKMARK_BIN"]
DATA = os.path.join(os.environ["TICKMARK_FAULT_DIR"], "data")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tickmark(*args):
    return subprocess.run([PROGRAM, "--json", *args], capture_output=True, text=True)


def start(port):
    server = subprocess.Popen(
        [PROGRAM, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}"],
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


def file_reports(port, stop, acknowledged):
    body = json.dumps({"channel": "portal", "kind": "failure", "title": "Load", "description": "One of many."})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while not stop.is_set():
        try:
            connection.request("POST", "/api/v1/reports", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 201:
                acknowledged.append(json.loads(text)["tracking_number"])
            elif answer.status not in (500, 503):
                sys.exit(f"an unexpected answer: {answer.status} {text[:200]!r}")
        except (OSError, http.client.HTTPException, ValueError):
            # The server was killed: what was under way was not acknowledged.
            return


def main():
    chance = random.Random(SEED)
    made = tickmark("init", "--data", DATA, "--organization", "Load Ltd", "--admin", "admin@load.example")
    if made.returncode != 0:
        sys.exit(f"init failed: {made.stderr}")
    promised = []
    for n in range(KILLS):
        port = free_port()
        server = start(port)
        stop, acknowledged = threading.Event(), []
        clients = [threading.Thread(target=file_reports, args=(port, stop, acknowledged)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(chance.uniform(0.02, 0.4))
        server.send_signal(signal.SIGKILL)
        server.wait()
        stop.set()
        for client in clients:
            client.join()
        promised.extend(acknowledged)
    with sqlite3.connect(f"file:{DATA}/tickmark.db?mode=ro", uri=True) as database:
        kept = {row[0] for row in database.execute("SELECT tracking_number FROM case_record")}
    lost = [number for number in promised if number not in kept]
    verified = tickmark("verify", DATA)
    print(f"{KILLS} kills (seed {SEED}): {len(promised)} reports acknowledged, {len(kept)} kept, {len(lost)} lost")
    if len(promised) < KILLS:
        sys.exit("too little load for the kills to mean anything")
    if lost:
        sys.exit(f"lost: {lost[:5]}")
    if verified.returncode != 0:
        sys.exit(f"the log does not verify: {verified.stdout[:2000]} {verified.stderr}")


main()
