#!/usr/bin/env python3
"""Fills the disk under load: the server may write files of a few megabytes and no more.

What could not be written is not acknowledged: each answer is a success or says that the service is not
able to. Once there is room again the server starts, every acknowledged report is in the register and the
log verifies.
"""

import http.client
import resource
import signal
import sys

import program

ROOM = 3 << 20


def no_more_than_the_room():
    # Without this the system would end the process; with it a write fails, as it does on a full disk.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def file_one(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        return program.report(connection, "x" * 4_000)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def main():
    program.make("Full Ltd")
    promised, refused = [], 0
    port = program.free_port()
    server = program.start(port, preexec_fn=no_more_than_the_room)
    while refused < 20 and len(promised) < 5_000 and server.poll() is None:
        status, text = file_one(port)
        if status == 201:
            promised.append(program.number(text))
        elif status in (0, 500, 503):
            refused += 1
        else:
            sys.exit(f"an unexpected answer: {status} {text[:200]!r}")
    server.kill()
    server.wait()
    port = program.free_port()
    server = program.start(port)
    status, text = file_one(port)
    server.kill()
    server.wait()
    if status != 201:
        sys.exit(f"with room again, a report was answered with {status}: {text[:200]!r}")
    promised.append(program.number(text))
    kept = program.must_be_kept(promised)
    print(f"{len(promised)} reports acknowledged, {refused} not, {kept} kept, 0 lost")
    if refused == 0 or len(promised) < 20:
        sys.exit("the disk never filled, or at once: the test shows nothing")


main()
