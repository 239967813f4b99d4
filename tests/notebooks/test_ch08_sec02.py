"""Section 8.2: the pretended device, what needs values, and prefetching."""

import threading

import pytest
import torch


def test_tasks_are_done_in_order_while_the_host_goes_on(definitions):
    (FakeDevice,) = definitions("8.2", "FakeDevice")
    device, switch, done = FakeDevice(), threading.Event(), []
    device.submit("wait", switch.wait)
    for i in range(5):
        device.submit(f"task {i}", lambda i=i: done.append(i))
    assert done == []  # the device is held up, and this line is reached all the same
    switch.set()
    device.synchronize()
    assert done == [0, 1, 2, 3, 4]
    assert [name for name, *_ in device.log] == ["wait", *(f"task {i}" for i in range(5))]
    times = [time for _, *span in device.log for time in span]
    assert times == sorted(times)


def test_an_error_is_told_once_to_the_one_who_waits(definitions):
    (FakeDevice,) = definitions("8.2", "FakeDevice")
    device, done = FakeDevice(), []
    device.submit("bad", lambda: torch.ones(3)[5])
    device.submit("worse", lambda: 1 / 0)
    device.submit("good", lambda: done.append("good"))
    with pytest.raises(RuntimeError, match="index 5 is out of bounds"):
        device.synchronize()
    assert done == ["good"]
    device.synchronize()


def test_an_event_is_stamped_in_its_turn(definitions):
    FakeDevice, record = definitions("8.2", "FakeDevice", "record")
    device, switch = FakeDevice(), threading.Event()
    begin = record(device)
    device.submit("wait", switch.wait)
    end = record(device)
    assert end == []
    switch.set()
    device.synchronize()
    (_, first, last) = device.log[1]
    assert begin[0] <= first <= last <= end[0]


@pytest.mark.parametrize("wait", [False, True])
def test_run_gives_a_span_for_each_step(definitions, wait):
    FakeDevice, run = definitions(
        "8.2", "FakeDevice", "run", prepare=lambda: None, kernel=lambda: None
    )
    device = FakeDevice()
    run(device, 2, wait)
    start, host, spans, total = run(device, 3, wait)
    assert len(host) == len(spans) == 3
    assert start <= host[0][0]
    assert start + total >= spans[-1][1]
    if wait:
        for (_, done), (begin, _) in zip(spans[:-1], host[1:], strict=True):
            assert done <= begin


def test_what_needs_values_is_what_cannot_be_done_without_them(definitions):
    (needs_values,) = definitions("8.2", "needs_values")
    for text in ("x.mean()", "x.topk(2)", "x.clone().masked_fill_(x > 0, 0)", "F.relu(x)"):
        assert not needs_values(text), text
    for text in ("float(x[0, 0])", "torch.masked_select(x, x > 0)", "int(y[0])"):
        assert needs_values(text), text


def test_positive_means_agree_forward_and_backward(definitions):
    waiting, on_device = definitions("8.2", "positive_mean_waiting", "positive_mean")
    ours, theirs = (torch.randn(50).requires_grad_() for _ in range(2))
    with torch.no_grad():
        theirs.copy_(ours)
    on_device(ours).backward()
    waiting(theirs).backward()
    torch.testing.assert_close(on_device(ours), waiting(theirs))
    torch.testing.assert_close(ours.grad, theirs.grad)


@pytest.mark.parametrize("depth", [1, 2, 100])
def test_prefetch_changes_nothing(definitions, depth):
    (prefetch,) = definitions("8.2", "prefetch")
    batches = [torch.full((2,), float(i)) for i in range(7)]
    received = list(prefetch(batches, depth))
    assert all(ours is theirs for ours, theirs in zip(received, batches, strict=True))
    assert list(prefetch([], depth)) == []


def test_prefetch_runs_ahead_by_its_depth(definitions):
    (prefetch,) = definitions("8.2", "prefetch")
    fetched, third = [], threading.Event()

    def batches():
        for i in range(10):
            fetched.append(i)
            if i == 3:
                third.set()
            yield i

    iterator = prefetch(batches(), depth=2)
    assert next(iterator) == 0
    assert third.wait(timeout=60)  # 1 and 2 lie in the queue, 3 waits for a place
    assert len(fetched) == 4
    assert list(iterator) == list(range(1, 10))
