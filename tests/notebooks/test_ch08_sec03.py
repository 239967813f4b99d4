"""Section 8.3: the clock, the formula, and the pipeline."""

import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch


def test_the_clock_waits_for_every_device(definitions, monkeypatch, capsys):
    events, readings = [], iter([10.0, 12.5])

    def clock():
        events.append("clock")
        return next(readings)

    (Benchmark,) = definitions("8.3", "Benchmark")
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda i: events.append(f"wait {i}"))
    monkeypatch.setattr(time, "perf_counter", clock)
    with Benchmark("sum") as timer:
        events.append("work")
    monkeypatch.undo()
    waited = ["wait 0", "wait 1", "clock"]
    assert events == [*waited, "work", *waited]
    assert timer.seconds == 2.5
    assert capsys.readouterr().out == "sum time: 2.5000 sec\n"


def test_the_clock_is_that_of_the_package(definitions, capsys):
    (Benchmark,) = definitions("8.3", "Benchmark")
    with Benchmark() as timer:
        pass
    assert 0 <= timer.seconds < math.inf
    assert capsys.readouterr().out == f"time: {timer.seconds:.4f} sec\n"


@pytest.mark.parametrize("p", [0.0, 0.3, 0.9, 1.0])
def test_amdahl(definitions, p):
    (amdahl,) = definitions("8.3", "amdahl")
    assert amdahl(p, 1) == pytest.approx(1)
    assert amdahl(p, 4) <= 4
    if p < 1:
        assert amdahl(p, 10**12) == pytest.approx(1 / (1 - p))


def test_multiply_does_the_same_work_for_every_size(definitions, monkeypatch):
    (multiply,) = definitions("8.3", "multiply")
    products = []
    monkeypatch.setattr(torch, "mm", lambda A, B, out: products.append(out.shape))
    for n in (32, 128, 512):
        products.clear()
        multiply(torch.rand(n, n))
        assert products == [(n, n)] * (2**31 // n**3)


@pytest.mark.parametrize("streams", [1, 2])
def test_a_batch_is_computed_after_it_arrived(definitions, streams):
    source, target = torch.rand(2, 1000).unbind()
    (pipeline,) = definitions("8.3", "pipeline", source=source, target=target, A=torch.rand(8, 8))
    pools = [ThreadPoolExecutor(max_workers=1) for _ in range(streams)]
    spans = pipeline(pools[0], pools[-1], 5)
    assert len(spans["copy"]) == len(spans["compute"]) == 5
    for (_, arrived), (begin, _) in zip(spans["copy"], spans["compute"], strict=True):
        assert arrived <= begin
    torch.testing.assert_close(target, source)


def test_without_gradients_in_every_thread(definitions):
    from torch import nn

    (evaluate,) = definitions("8.3", "evaluate", X=torch.ones(2, 3))
    net = nn.Linear(3, 1)
    with ThreadPoolExecutor(max_workers=1) as pool:
        scores = pool.submit(evaluate, net).result()
    assert not scores.requires_grad
    torch.testing.assert_close(scores, net(torch.ones(2, 3)).detach())
