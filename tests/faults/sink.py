"""A mail server for the tests beside it."""

import socket
import threading
import time


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
                    if not part:
                        return  # the program was killed before the end: nothing was taken
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
