#!/usr/bin/env python3
"""Runs `tickmark watchdog` beside a server under load, on the same SQLite database.

Every run looks at every open case and puts its pass on record; none fails because the database is in
use; every report that is filed meanwhile is acknowledged; and the log verifies.
"""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time

import program

CLIENTS, RUNS, TOGETHER = 4, 30, 3


def file_reports(port, stop, acknowledged, faults, slowest):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while not stop.is_set():
        begun = time.monotonic()
        status, text = program.report(connection)
        slowest.append(time.monotonic() - begun)
        if status == 201:
            acknowledged.append(program.number(text))
        else:
            faults.append(f"{status} {text[:200]!r}")
        # As people come, not as fast as can be: every pass looks at every case.
        time.sleep(0.03)


def watch(answers):
    """Passes one after the other, as a machine's timer would start them."""
    for _ in range(RUNS // TOGETHER):
        command = [program.PROGRAM, "--json", "--data", program.DATA, "watchdog"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        answers.append((run.returncode, run.stdout, run.stderr))


def main():
    invitation = program.make("Load Ltd")
    port = program.free_port()
    server = program.start(port)
    program.put_policy_in_force(port, program.begin(port, invitation))
    stop, acknowledged, faults, slowest, answers = threading.Event(), [], [], [], []
    load = [
        threading.Thread(target=file_reports, args=(port, stop, acknowledged, faults, slowest)) for _ in range(CLIENTS)
    ]
    dogs = [threading.Thread(target=watch, args=(answers,)) for _ in range(TOGETHER)]
    for thread in [*load, *dogs]:
        thread.start()
    for dog in dogs:
        dog.join()
    stop.set()
    for client in load:
        client.join()
    alone = []
    watch(alone)
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=60)
    if bad := [answer for answer in answers + alone if answer[0] != 0]:
        sys.exit(f"{len(bad)} of {len(answers + alone)} runs failed: {bad[0]}")
    passes = [json.loads(answer[1])["passes"][0] for answer in answers + alone]
    recorded = {row[0] for row in program.rows("SELECT id FROM clock_watch")}
    if missing := [one["id"] for one in passes if one["id"] not in recorded]:
        sys.exit(f"passes without a record: {missing[:3]}")
    if passes[-1]["open"] != len(acknowledged):
        sys.exit(f"{len(acknowledged)} cases are open, and the watchdog saw {passes[-1]['open']}")
    if faults:
        sys.exit(f"{len(faults)} reports were refused while it ran: {faults[:3]}")
    kept = program.must_be_kept(acknowledged)
    if len(acknowledged) < RUNS or not any(one["open"] for one in passes[:-1]):
        sys.exit("too little load for this to mean anything")
    print(
        f"{len(passes)} runs beside the server, {TOGETHER} at a time: all recorded; {len(acknowledged)} reports acknowledged "
        f"meanwhile, {kept} kept, the slowest after {max(slowest):.2f} s"
    )


main()
