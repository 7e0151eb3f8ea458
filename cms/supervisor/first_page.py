"""Waiting for the start page, and what is said when it comes."""

import http.client
import os
import select
import time
from urllib.parse import urlsplit

from cms.supervisor.reporting import SupervisorError, say

WAIT_SECONDS = 60
SERVER_ERROR = 500
PASSWORD = "rvz-demo-2026"  # noqa: S105 - public, and load_demo refuses to run in production
LOGINS = {
    "verwaltung@example.org": "administrator",
    "leitung.alfeld@example.org": "centre manager of Alfeld",
    "leitung.nordholz@example.org": "centre manager of Nordholz",
    "praxis.alfeld@example.org": "practice assistant in Alfeld",
    "vorstand@chor.example.org": "a choir in Alfeld, its main contact",
    "mitglied@chor.example.org": "the same choir, somebody who may book",
    "vorstand@turnen.example.org": "a sports club in Alfeld, not yet checked",
}


class FirstPage:
    """Asks for the start page until it comes; never waits for it, because signals come first."""

    def __init__(self, host: str, port: int) -> None:
        self.address = (host, port)
        self.started = time.monotonic()
        self.connection: http.client.HTTPConnection | None = None
        self.has_come = False

    def look(self) -> None:
        """Announce the site when its start page has come."""
        if time.monotonic() - self.started > WAIT_SECONDS:
            msg = f"The site did not answer within {WAIT_SECONDS} s; see above."
            raise SupervisorError(msg)
        try:
            self.connection = self.connection or self.asked()
            if select.select([self.connection.sock], [], [], 0)[0]:
                status = self.connection.getresponse().status
                self.connection.close()
                self.has_come = True
                announce(status)
        except (OSError, http.client.HTTPException):
            self.connection = None  # not listening yet

    def asked(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(*self.address, timeout=WAIT_SECONDS)
        host = urlsplit(os.environ["RVZ_BASE_URL"]).netloc
        connection.request("GET", "/", headers={"Host": host})
        return connection


def announce(status: int) -> None:
    address = os.environ["RVZ_BASE_URL"]
    if status >= SERVER_ERROR:
        say(f"The start page answers with an error ({status}); see above.")
    say(f"\nThe site: {address}/\nIts administration: {address}/verwaltung/")
    say(f"Sign in with the password {PASSWORD} as")
    for login, role in LOGINS.items():
        say(f"  {login:30} {role}")
    say("Ctrl-C stops everything; the data stays.\n")
