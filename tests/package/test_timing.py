import math
import re

import pytest

from d2lzh_pytorch import timing
from d2lzh_pytorch.timing import Benchmark, milliseconds


@pytest.fixture
def events(monkeypatch):
    """What happens, in order; the clock stands at 10 seconds, then at 12.5."""
    happened = []
    readings = iter([10.0, 12.5])

    def read():
        happened.append("clock")
        return next(readings)

    monkeypatch.setattr(timing.time, "perf_counter", read)
    monkeypatch.setattr(timing, "synchronize", lambda: happened.append("wait"))
    return happened


def test_prints_and_keeps_the_time(events, capsys):
    with Benchmark("matrix product") as timer:
        assert math.isnan(timer.seconds)
    assert timer.seconds == 2.5
    assert capsys.readouterr().out == "matrix product time: 2.5000 sec\n"


def test_without_prefix(events, capsys):
    with Benchmark():
        pass
    assert capsys.readouterr().out == "time: 2.5000 sec\n"


def test_waits_for_the_device_before_each_reading(events):
    with Benchmark():
        events.append("work")
    assert events == ["wait", "clock", "work", "wait", "clock"]


def test_an_error_passes_and_no_time_is_claimed(events, capsys):
    timer = Benchmark("fails")
    with pytest.raises(KeyError), timer:
        raise KeyError("inside")
    assert timer.seconds == 2.5
    assert capsys.readouterr().out == ""


def test_with_the_real_clock(capsys):
    with Benchmark("sum") as timer:
        sum(range(1000))
    assert 0 < timer.seconds < math.inf
    assert re.fullmatch(r"sum time: \d+\.\d{4} sec\n", capsys.readouterr().out)


def test_milliseconds_are_those_of_the_shortest_call_after_the_first(monkeypatch):
    readings = iter([0, 0.25, 1, 5, 10, 12, 20, 23])  # calls of 0.25, 4, 2 and 3 seconds
    happened = []
    monkeypatch.setattr(timing.time, "perf_counter", lambda: next(readings))
    monkeypatch.setattr(timing, "synchronize", lambda: happened.append("wait"))
    assert milliseconds(happened.append, "work", repeat=3) == 2000
    assert happened == ["work", "wait"] * 4


def test_milliseconds_need_a_call_to_time():
    with pytest.raises(ValueError, match="repeat must be a positive integer"):
        milliseconds(sum, [1], repeat=0)
