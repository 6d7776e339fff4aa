#!/usr/bin/env python3
"""Fills the disk under load: the server may write files of a few megabytes and no more.

What could not be written is not acknowledged: each answer is a success or says that the service is not
able to. Once there is room again the server starts, every acknowledged report is in the register and the
log verifies.
"""

import http.client
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time

PROGRAM = os.environ["TICKMARK_BIN"]
DATA = os.path.join(os.environ["TICKMARK_FAULT_DIR"], "data")
ROOM = 3 << 20


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def no_more_than_the_room():
    # Without this the system would end the process; with it a write fails, as it does on a full disk.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def start(port, limited):
    server = subprocess.Popen(
        [PROGRAM, "serve", "--data", DATA, "--listen", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=no_more_than_the_room if limited else None,
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


def file_one(port):
    body = json.dumps({"channel": "portal", "kind": "failure", "title": "Load", "description": "x" * 4_000})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/api/v1/reports", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def main():
    made = subprocess.run(
        [PROGRAM, "init", "--data", DATA, "--organization", "Full Ltd", "--admin", "admin@full.example"],
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        sys.exit(f"init failed: {made.stderr}")
    promised, refused = [], 0
    port = free_port()
    server = start(port, limited=True)
    while refused < 20 and len(promised) < 5_000 and server.poll() is None:
        status, text = file_one(port)
        if status == 201:
            promised.append(json.loads(text)["tracking_number"])
        elif status in (0, 500, 503):
            refused += 1
        else:
            sys.exit(f"an unexpected answer: {status} {text[:200]!r}")
    server.kill()
    server.wait()
    port = free_port()
    server = start(port, limited=False)
    status, text = file_one(port)
    server.kill()
    server.wait()
    if status != 201:
        sys.exit(f"with room again, a report was answered with {status}: {text[:200]!r}")
    promised.append(json.loads(text)["tracking_number"])
    with sqlite3.connect(f"file:{DATA}/tickmark.db?mode=ro", uri=True) as database:
        kept = {row[0] for row in database.execute("SELECT tracking_number FROM case_record")}
    lost = [number for number in promised if number not in kept]
    verified = subprocess.run([PROGRAM, "--json", "verify", DATA], capture_output=True, text=True)
    print(f"{len(promised)} reports acknowledged, {refused} not, {len(kept)} kept, {len(lost)} lost")
    if refused == 0 or len(promised) < 20:
        sys.exit("the disk never filled, or at once: the test shows nothing")
    if lost:
        sys.exit(f"lost: {lost[:5]}")
    if verified.returncode != 0:
        sys.exit(f"the log does not verify: {verified.stdout[:2000]} {verified.stderr}")


main()
