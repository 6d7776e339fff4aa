#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments under load, a hundred times.

Every report that was acknowledged must be in the register afterwards, under the number that was
handed out, and the log must verify. The moments are random but follow from a seed that is printed.
"""

import http.client
import os
import random
import signal
import sys
import threading
import time

import program

KILLS = int(os.environ.get("TICKMARK_FAULT_KILLS", "100"))
SEED = int(os.environ.get("TICKMARK_FAULT_SEED", "20260105"))
CLIENTS = 8


def file_reports(port, stop, acknowledged):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while not stop.is_set():
        try:
            status, text = program.report(connection)
            if status == 201:
                acknowledged.append(program.number(text))
            elif status not in (500, 503):
                sys.exit(f"an unexpected answer: {status} {text[:200]!r}")
        except (OSError, http.client.HTTPException, ValueError):
            # The server was killed: what was under way was not acknowledged.
            return


def main():
    chance = random.Random(SEED)
    program.make("Load Ltd")
    promised = []
    for _ in range(KILLS):
        port = program.free_port()
        server = program.start(port)
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
    kept = program.must_be_kept(promised)
    print(f"{KILLS} kills (seed {SEED}): {len(promised)} reports acknowledged, {kept} kept, 0 lost")
    if len(promised) < KILLS:
        sys.exit("too little load for the kills to mean anything")


main()
