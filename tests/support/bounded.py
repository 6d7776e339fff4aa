"""bounded.py SECONDS COMMAND...: runs a command with a time limit and leaves nothing behind.

The command gets a process group of its own. When the time is over, or when this program is told to
stop, the whole group is ended. The exit status is the command's, or 124 when the time was over.
(timeout(1) is not part of every system, and Python is among the few things that the tests ask for.)
"""

import os
import signal
import subprocess
import sys

GRACE_S = 10


class Told(Exception):
    """This program was told to stop."""


def told(number, _frame):
    raise Told(number)


def end_group(group):
    """Asks the group to end, and after a while ends it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group.pid, number)
            group.wait(GRACE_S)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def main():
    limit_s, command = float(sys.argv[1]), sys.argv[2:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
    try:
        child = subprocess.Popen(command, start_new_session=True)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", flush=True)
        return 127
    try:
        status = child.wait(limit_s)
    except subprocess.TimeoutExpired:
        print(f"stopped after {limit_s:g} s", flush=True)
        status = 124
    except Told as stop:
        status = 128 + stop.args[0]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_group(child)
    return status if status >= 0 else 128 - status


sys.exit(main())
