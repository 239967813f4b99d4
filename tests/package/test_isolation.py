"""The guards of tests/conftest.py hold."""

import os
import socket
import threading
import urllib.request

import pytest
import torch

FORBIDDEN = pytest.raises(RuntimeError, match="The network is forbidden here")


def test_names_of_other_machines_are_not_looked_up():
    with FORBIDDEN:
        socket.getaddrinfo("example.org", 443)
    with FORBIDDEN:
        socket.gethostbyname("example.org")


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
def test_no_connection_to_other_machines(call):
    with socket.socket() as connection, FORBIDDEN:
        getattr(connection, call)(("192.0.2.1", 80))


def test_nothing_is_sent_to_other_machines():
    with socket.socket(type=socket.SOCK_DGRAM) as connection, FORBIDDEN:
        connection.sendto(b"?", ("192.0.2.1", 53))


def test_a_download_is_refused_clearly():
    with FORBIDDEN:
        urllib.request.urlopen("https://example.org/file.gz", timeout=1)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        port = server.getsockname()[1]
        with socket.create_connection(("localhost", port), timeout=10) as connection:
            assert connection.recv(1) == b""
        thread.join()


def test_settings_of_the_user_are_gone():
    assert not [name for name in os.environ if name.startswith("D2LZH_")]


def test_one_thread():
    assert torch.get_num_threads() == 1
