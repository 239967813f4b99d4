"""Forbid the network to every Python process that has this folder on PYTHONPATH.

Python imports `sitecustomize` when it starts. Connections to this machine itself stay allowed:
Jupyter talks to its kernels over them. Each refusal is also appended to the file named by
D2LZH_NETWORK_LOG, so that code which catches the error is found out all the same.
"""

import importlib.machinery
import importlib.util
import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class NetworkForbiddenError(RuntimeError):
    """The network was asked for while it is forbidden."""


def _refuse(what: str) -> None:
    log = os.environ.get("D2LZH_NETWORK_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{Path.cwd()}: {what}\n")
    raise NetworkForbiddenError(
        f"The network is forbidden here, but something asked for {what}. Notebooks run on data "
        "that is in the repository; pass it in, or let the loader fall back on it."
    )


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost", "0.0.0.0", "::", socket.gethostname()):
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


def _guard_socket(name: str) -> None:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *args: Any) -> Any:
        address = args[-1]  # the last argument of connect, connect_ex and sendto
        if isinstance(address, tuple) and not _is_here(address[0]):
            _refuse(f"a connection to {address[0]} port {address[1]}")
        return original(self, *args)

    setattr(socket.socket, name, guarded)


def _guard_look_up(name: str) -> None:
    original: Callable[..., Any] = getattr(socket, name)

    def guarded(host: Any, *args: Any, **options: Any) -> Any:
        if not (_is_here(host) or (name != "gethostbyaddr" and _is_address(host))):
            _refuse(f"the address of {host}")
        return original(host, *args, **options)

    setattr(socket, name, guarded)


def _run_the_other_sitecustomize() -> None:
    """Run the module that this one hides, if the machine has one."""
    folders = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", folders)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


for _name in ("connect", "connect_ex", "sendto"):
    _guard_socket(_name)
for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
    _guard_look_up(_name)
_run_the_other_sitecustomize()
