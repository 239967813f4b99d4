"""What holds for every test: no network, no window, no bar, one thread, no setting of one's own.

The environment is set here, before anything reads it, and subprocesses inherit it.
"""

import ipaddress
import os
import socket
import sys
from typing import Any

import pytest

for _variable in [name for name in os.environ if name.startswith("D2LZH_")]:
    del os.environ[_variable]
os.environ["MPLBACKEND"] = "Agg"
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"


class NetworkForbiddenError(RuntimeError):
    """A test tried to leave this machine.

    Not an OSError: code that takes those for a broken connection must not swallow it.
    """


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _forbid(name: str, owner: Any, host_of: Any) -> None:
    original = getattr(owner, name)

    def guarded(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args, **kwargs)
        if not _is_loopback(host):
            raise NetworkForbiddenError(
                f"{name} to {host!r}: tests must not use the network. "
                "Serve what you need on 127.0.0.1, or use a file."
            )
        return original(*args, **kwargs)

    setattr(owner, name, guarded)


def _host_of_address(connection: socket.socket, *args: Any) -> object:
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    return args[-1][0]  # the address is the last argument: connect(address), sendto(data, address)


for _name in ("connect", "connect_ex", "sendto"):
    _forbid(_name, socket.socket, _host_of_address)
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    _forbid(_name, socket, lambda host, *args, **kwargs: host)


@pytest.fixture(autouse=True)
def _fresh_state():
    """The same random numbers for each test, and no figure left over."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
