import socket
from collections.abc import Iterator

import pytest

from cms.ports import PortError, require_free, wanted_port


@pytest.fixture(params=["127.0.0.1", "0.0.0.0"])  # noqa: S104
def taken_port(request) -> Iterator[int]:
    with socket.create_server((request.param, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_told_in_one_line(taken_port: int):
    with pytest.raises(PortError, match=f"Port {taken_port} is taken") as error:
        require_free(taken_port)
    assert f"PORT={taken_port + 1}" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_free_port_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    require_free(port)


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1", "²"])
def test_a_port_is_a_number(text: str, monkeypatch):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(PortError, match="no port number"):
        wanted_port()


def test_the_port_is_8000_unless_another_is_wanted(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert wanted_port() == 8000
    monkeypatch.setenv("PORT", "8123")
    assert wanted_port() == 8123
