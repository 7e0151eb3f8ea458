"""A mail server on a port of its own that takes mails, refuses them, drops them or says nothing."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Mood(StrEnum):
    TAKES = "takes"
    REFUSES = "refuses"
    DROPS = "drops"  # the connection, in the middle of the mail
    SILENT = "silent"  # takes the connection and never says a word


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mood = Mood.TAKES
        self.taken: list[bytes] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        if self.server.mood is Mood.SILENT:
            self.server.over.wait()
            return
        self._say("220 ready")
        for line in self.rfile:
            match line[:4].upper().strip():
                case b"DATA":
                    self._say("354 go on")
                    if not self._take():
                        return
                case b"RCPT" if self.server.mood is Mood.REFUSES:
                    self._say("550 nobody here")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self) -> bool:
        """Read the mail; False if the connection is dropped in the middle of it."""
        if self.server.mood is Mood.DROPS:
            self.rfile.readline()
            return False
        mail = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            mail += line
        self.server.taken.append(mail)
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
