"""The one port the demo listens on. Also used before the environment exists."""

from __future__ import annotations

import os
import socket

DEFAULT_PORT = "8000"
LARGEST_PORT = 65535


class PortError(Exception):
    """One sentence for the person at the terminal."""


def wanted_port() -> int:
    """Return PORT from the environment."""
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_PORT:
        msg = f"PORT={text} is no port number."
        raise PortError(msg)
    return int(text)


def require_free(port: int) -> None:
    """Raise PortError unless we may listen on the port and nobody answers there.

    A browser may take `localhost` for ::1 or 127.0.0.1, so both have to be free.
    """
    try:
        with socket.socket(socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except PermissionError:
        msg = f"Port {port} needs special rights: choose another one, for example PORT=8000."
        raise PortError(msg) from None
    except OSError:
        taken = True
    else:
        taken = any(_answers(host, port) for host in ("127.0.0.1", "::1"))
    if taken:
        other = port + 1 if port < LARGEST_PORT else port - 1
        msg = f"Port {port} is taken by another program: stop it or choose another port, PORT={other}."
        raise PortError(msg)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False
