"""Who is who among the processes of torchrun, and what each takes; no process is started here."""

import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import torch
import torch.distributed as dist
from torch import nn

from d2lzh_pytorch.data.loader import TensorLoader
from d2lzh_pytorch.training import distributed as module
from d2lzh_pytorch.training.distributed import ALONE, World

CPU = torch.device("cpu")


@pytest.fixture
def second_of_two(torchrun_variables, monkeypatch):
    """A process that torchrun has started anew three times."""
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "3")
    return World(rank=1, size=2, local_rank=1, local_size=2, job="7e57", restarts=3)


def test_torchrun_says_who_this_is(second_of_two):
    assert World.from_environment() == second_of_two


def test_without_torchrun_a_process_is_alone(second_of_two, monkeypatch):
    monkeypatch.delenv("TORCHELASTIC_RUN_ID")  # other programs set RANK and WORLD_SIZE, too
    assert World.from_environment() == ALONE
    assert (ALONE.rank, ALONE.size) == (0, 1)


def test_alone_nothing_is_changed_nor_drawn(monkeypatch):
    loader, net = TensorLoader((torch.zeros(5), torch.zeros(5)), 2), nn.BatchNorm1d(3)
    state = torch.get_rng_state()
    with ALONE.joined(CPU):
        assert not torch.distributed.is_initialized()
        assert ALONE.wrap(net) is net
        assert ALONE.part(loader) is loader
        assert ALONE.weights(loader) is None
        assert ALONE.order() is None
        assert ALONE.from_first(net) is net
        assert ALONE.total(0.1, 3, device=CPU) == [0.1, 3]
        ALONE.average_buffers(net)
        ALONE.reseed(0, 1)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_weighted_means_of_the_parts_average_to_the_mean_of_the_batch(size):
    values = torch.rand(47, dtype=torch.float64)
    whole = TensorLoader((values, values), 20)  # 20, 20, 7
    worlds = [World(rank=rank, size=size) for rank in range(size)]
    means = []
    for world in worlds:
        parts, weights = world.part(whole), world.weights(whole)
        passes = itertools.chain(parts, parts)  # the weights start anew with each pass
        means.append([weight * y.mean() for (_, y), weight in zip(passes, weights, strict=False)])
    expected = [y.mean() for _, y in whole] * 2
    average = torch.tensor(means, dtype=torch.float64).mean(dim=0)
    torch.testing.assert_close(average, torch.stack(expected))


def test_the_order_is_that_of_one_process():
    values = torch.arange(100)
    torch.manual_seed(5)
    orders = [World(rank=rank, size=2).order() for rank in range(2)]
    whole = TensorLoader((values, values), 10, shuffle=True)
    parts = [World(rank=r, size=2).part(whole, order) for r, order in enumerate(orders)]
    for _ in range(2):
        halves = zip(*parts, strict=True)
        together = [torch.cat((first, second)) for (_, first), (_, second) in halves]
        assert torch.equal(torch.stack(together), torch.stack([y for _, y in whole]))


def test_dropout_differs_between_processes_and_epochs_and_is_repeatable():
    def draw(seed, epoch, rank):
        World(rank=rank, size=2).reseed(seed, epoch)
        return torch.rand(1).item()

    cases = list(itertools.product((0, 2**32 - 1), (0, 1), (0, 1)))
    draws = [draw(*case) for case in cases]
    assert len(set(draws)) == len(cases)
    assert [draw(*case) for case in cases] == draws


def test_a_cpu_is_shared_but_not_a_gpu(monkeypatch):
    first, second = (World(rank=r, size=2, local_rank=r, local_size=2) for r in range(2))
    assert first.device("cpu") == second.device("cpu") == CPU
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert [world.device("cuda") for world in (first, second)] == [
        torch.device("cuda:0"), torch.device("cuda:1")
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"write --device cuda instead of 'cuda:1'"):
        first.device("cuda:1")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    for world in (first, second):  # all say the same, the first one too
        with pytest.raises(ValueError, match=r"2 processes need a GPU each, .* has 1; lower"):
            world.device("cuda")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    with pytest.raises(ValueError, match="cpu or cuda, not on 'mps'"):
        first.device("mps")


@pytest.fixture
def rendezvous(monkeypatch):
    """The processes meet, and no other is there."""
    monkeypatch.setattr(module, "rendezvous", lambda url, timeout: [(dist.HashStore(), 0, 2)])
    monkeypatch.setattr(World, "agree", lambda world, store, timeout: "start")


@pytest.mark.parametrize("left_behind", [False, True])
def test_processes_agree_on_a_start_whatever_dead_ones_have_left(left_behind):
    store = dist.HashStore()
    timeout = timedelta(seconds=20)
    store.set_timeout(timeout)
    worlds = [World(rank=rank, size=3) for rank in range(3)]
    with ThreadPoolExecutor(3) as pool:
        starts = []
        for _ in range(2 if left_behind else 1):  # the second time, the first is what was left
            others = [pool.submit(world.agree, store, timeout) for world in worlds[1:]]
            time.sleep(0.3 if left_behind else 0)  # they find the old name first
            starts.append(
                {each.result() for each in (pool.submit(worlds[0].agree, store, timeout), *others)}
            )
    assert all(len(names) == 1 for names in starts)
    assert len(set.union(*starts)) == len(starts)


def test_a_process_does_not_wait_for_ever_for_the_first_one():
    store = dist.HashStore()
    store.set("start", "of dead processes")
    with pytest.raises(RuntimeError, match="Process 0 did not answer process 1"):
        World(rank=1, size=2).agree(store, timedelta(seconds=0.3))


@pytest.mark.parametrize(("name", "backend"), [("cpu", "gloo"), ("cuda:1", "nccl")])
def test_the_backend_is_that_of_the_device(name, backend, monkeypatch, rendezvous):
    calls = []
    monkeypatch.setattr(torch.cuda, "set_device", calls.append)
    monkeypatch.setattr(
        module.dist, "init_process_group", lambda *args, **options: calls.append((args, options))
    )
    monkeypatch.setattr(module.dist, "barrier", lambda: calls.append("all done"))
    monkeypatch.setattr(module.dist, "destroy_process_group", lambda: calls.append("left"))
    device = torch.device(name)
    with World(rank=1, size=2).joined(device, timedelta(seconds=7)):
        pass
    *set_device, ((asked,), options), done, left = calls
    assert (asked, done, left) == (backend, "all done", "left")
    assert (options["rank"], options["world_size"]) == (1, 2)
    assert options["timeout"] == timedelta(seconds=7)
    own = None if name == "cpu" else device
    assert options["device_id"] == own
    assert set_device == ([] if own is None else [own])


def test_who_lost_another_gives_torchrun_time_to_find_it(monkeypatch, rendezvous):
    waited = []
    monkeypatch.setattr(module.time, "sleep", waited.append)
    monkeypatch.setattr(module.dist, "init_process_group", lambda *args, **options: None)
    with pytest.raises(RuntimeError, match="closed by peer"), World(size=2).joined(CPU):
        raise RuntimeError("Connection closed by peer")
    assert waited == [module.PATIENCE]
    with pytest.raises(ValueError, match="own"), World(size=2).joined(CPU):
        raise ValueError("its own error")
    assert waited == [module.PATIENCE]


@pytest.mark.parametrize(
    ("job", "left_by", "own"),
    [
        ("a", "a", True),
        ("a", "b", False),  # it was there before this job
        ("a", None, False),
        ("none", "none", False),  # an id that other jobs have, too
        (None, None, False),
    ],
)
def test_a_job_knows_its_own_checkpoint(job, left_by, own):
    assert World(job=job).owns(left_by) is own


def test_an_error_is_reported_to_torchrun(monkeypatch, tmp_path):
    file = tmp_path / "error.json"
    monkeypatch.setenv("TORCHELASTIC_ERROR_FILE", str(file))
    ALONE.report(ValueError("unseen"))
    assert not file.exists()
    World(job="7e57").report(ValueError("wrong"))
    assert json.loads(file.read_text())["message"]["message"] == "ValueError: wrong"


def test_counts_do_not_count_as_running_statistics():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    assert [tuple(buffer.shape) for buffer in module.running_statistics(net)] == [(3,), (3,)]
    assert module.running_statistics(nn.Linear(2, 3)) == []
