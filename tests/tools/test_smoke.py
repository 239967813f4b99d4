"""The smoke run sees every way in which a notebook can go wrong, and counts honestly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import compared, smoke
from tools.notebook import write


def stream(text):
    return new_output("stream", text=text)


def cell(source, text="", tags=()):
    outputs = [stream(text)] if text else []
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata={"tags": list(tags)})


@pytest.fixture
def course(tmp_path):
    """Write notebooks of the given cells; return what smoke printed, by stream, and its code."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")

    def run(capfd, *lessons, arguments=()):
        for section, cells in enumerate(lessons, start=1):
            path = tmp_path / "notebooks" / "ch05_cnn" / f"{section:02d}_lesson.ipynb"
            write(new_notebook(cells=[new_markdown_cell(f"# 5.{section} 节"), *cells]), path)
        code = smoke.main(arguments, tmp_path)
        return code, capfd.readouterr()

    run.root = tmp_path
    return run


SEES = """\
import os
print(os.environ["D2LZH_SMOKE"], os.environ["D2LZH_OFFLINE"], os.environ["TQDM_DISABLE"])"""
LOOPBACK = """\
import socket
server = socket.create_server(("127.0.0.1", 0))
print(socket.create_connection(server.getsockname()).recv)"""
SWALLOWED = """\
import urllib.request
try:
    urllib.request.urlopen("http://example.org")
except Exception:
    print("offline")"""


def test_good_notebooks_pass(course, capfd):
    figure = new_output("display_data", data={"image/png": "aaaa", "text/plain": "<Figure 1>"})
    picture = cell("from IPython.display import Image")
    code, shown = course(
        capfd,
        [cell(SEES, "1 1 1\n"), cell("0.1 + 0.2", tags=["nbval-skip"])],
        [cell("print(1)", "1\n"), cell("import random"), picture],
        [cell("print(random())", tags=["nbval-skip"])],
    )
    assert figure
    assert (code, shown.err) == (0, "")
    assert "chapter 5: 2 of 2 cells with output compared (100 %)" in shown.out
    assert shown.out.endswith("3 notebooks, 0 problems\n")


def test_bad_notebooks_are_refused_with_place_and_reason(course, capfd):
    text = new_markdown_cell("text")
    code, shown = course(
        capfd,
        [cell("print(1)", "1\n"), text, cell("print(2)", "3\n")],
        [text, cell("raise ValueError('too wide')")],
        [cell("while True: pass")],
        [cell("import os; os._exit(1)")],
        [cell("import socket; socket.create_connection(('192.0.2.1', 80))")],
        [cell(SWALLOWED, "offline\n")],
        [cell("import sys; print('bad', file=sys.stderr)")],
        arguments=["--timeout", "5"],
    )
    assert code == 1
    place = "notebooks/ch05_cnn/0{}_lesson.ipynb: cell {}: "
    assert place.format(1, 4) + "what it shows is not what is stored" in shown.err
    assert place.format(2, 3) + "ValueError: too wide" in shown.err
    assert place.format(3, 2) + "Timeout of 5 seconds exceeded" in shown.err
    assert place.format(4, 2) + "the kernel died" in shown.err
    assert place.format(5, 2) + "NetworkForbiddenError: The network is forbidden" in shown.err
    folder = course.root / "notebooks" / "ch05_cnn"
    assert f"network asked for in {folder}: the address of example.org" in shown.err
    assert place.format(7, 2) + "what it shows is not what is stored" in shown.err
    assert shown.out.endswith("7 notebooks, 8 problems\n")  # 5 is refused for two reasons


def test_too_little_compared_is_refused(course, capfd, monkeypatch):
    monkeypatch.setattr(smoke, "run", lambda *_: [])
    excused = cell("print(1)", "2\n", tags=["nbval-ignore-output", "random"])
    lesson = [cell("print(1)", "1\n"), excused]
    code, shown = course(capfd, lesson)
    assert code == 1
    assert "less than 65% of the outputs are compared" in shown.err
    code, shown = course(capfd, lesson, arguments=["5.1"])
    assert code == 0, "one notebook may stay below what all together must reach"


def test_no_notebook_is_no_success(course, capfd):
    (course.root / "notebooks").mkdir()
    code, shown = course(capfd)
    assert code == 2
    assert "There is no notebook" in shown.err


def test_pytest_that_does_not_start_is_no_success(course, capfd, monkeypatch):
    (course.root / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--nonsense'")
    code, shown = course(capfd, [cell("print(1)", "1\n")])
    assert code == 1
    assert "pytest ended with exit code 4" in shown.err


FIGURE = new_output("display_data", data={"image/png": "aaaa", "text/plain": "<Figure 1>"})
WIDGET = {"application/vnd.jupyter.widget-view+json": {}}


@pytest.mark.parametrize(
    ("outputs", "tags", "counted"),
    [
        ([stream("1")], [], (1, 1)),
        ([], [], (0, 0)),
        ([stream("1")], ["nbval-ignore-output", "timing"], (1, 0)),
        ([stream("1")], ["nbval-skip"], (1, 0)),
        ([FIGURE], [], (1, 0)),
        ([FIGURE, stream("1")], [], (1, 1)),
        ([new_output("display_data", data={"image/svg+xml": "<svg/>"})], [], (1, 1)),
        ([new_output("execute_result", data={"text/plain": "1"})], ["saved"], (1, 1)),
        ([new_output("display_data", data=WIDGET)], [], (1, 0)),
        ([new_output("error", ename="E", evalue="e")], ["raises-exception"], (1, 1)),
    ],
)
def test_what_counts_as_compared(outputs, tags, counted):
    notebook = new_notebook(
        cells=[new_code_cell("x", outputs=outputs, metadata={"tags": tags}), new_markdown_cell("t")]
    )
    assert compared.share(notebook) == compared.Share(*counted)


def test_goal_is_65_percent():
    assert compared.Share(100, 65).reaches_goal
    assert not compared.Share(100, 64).reaches_goal
    assert compared.Share().reaches_goal


def python(program, tmp_path, *folders):
    path = os.pathsep.join([str(smoke.OFFLINE), *map(str, folders)])
    environment = os.environ | {"PYTHONPATH": path, "D2LZH_NETWORK_LOG": str(tmp_path / "log")}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("socket.socket().connect(('192.0.2.1', 80))", "a connection to 192.0.2.1 port 80"),
        ("socket.socket().connect_ex(('192.0.2.1', 80))", "a connection to 192.0.2.1 port 80"),
        ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))", "192.0.2.1"),
        ("socket.getaddrinfo('example.org', 80)", "the address of example.org"),
        ("socket.gethostbyname('example.org')", "the address of example.org"),
        ("socket.gethostbyaddr('192.0.2.1')", "the address of 192.0.2.1"),
        ("socket.create_connection((b'example.org', 80))", "the address of b'example.org'"),
    ],
)
def test_network_is_forbidden(tmp_path, call, what):
    run = python(f"import socket; {call}", tmp_path)
    assert run.returncode == 1
    assert "NetworkForbiddenError: The network is forbidden" in run.stderr
    assert what in run.stderr
    assert what in (tmp_path / "log").read_text()


def test_this_machine_is_allowed(tmp_path):
    program = """\
import socket
server = socket.create_server(("127.0.0.1", 0))
for host in ("localhost", "127.0.0.1", b"127.0.0.1"):
    socket.create_connection((host, server.getsockname()[1])).close()
socket.getaddrinfo(None, 80), socket.getaddrinfo("192.0.2.1", 80), socket.gethostbyname("")
a, b = socket.socketpair()
a.sendall(b"x")
"""
    run = python(program, tmp_path)
    assert run.returncode == 0, run.stderr
    assert not (tmp_path / "log").exists()


def test_other_sitecustomize_runs_too(tmp_path):
    folder = tmp_path / "theirs"
    folder.mkdir()
    Path(folder / "sitecustomize.py").write_text("print('theirs')")
    run = python("import socket; socket.gethostbyname('example.org')", tmp_path, folder)
    assert run.stdout == "theirs\n"
    assert "NetworkForbiddenError" in run.stderr
