"""Section 8.6: the epoch with names, the formula, and batches made at once."""

import math

import pytest
import torch
from torch import nn
from torch.profiler import profile

CPU = torch.device("cpu")


def batches(count):
    return [(torch.rand(8, 2, 3), torch.arange(8) % 3) for _ in range(count)]


def small_net():
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 3))


def test_an_epoch_trains_as_a_plain_loop_does(definitions):
    (run_epoch,) = definitions("8.6", "run_epoch", device=CPU)
    given, nets, steps = batches(3), [small_net() for _ in range(2)], []
    nets[1].load_state_dict(nets[0].state_dict())
    optimizers = [torch.optim.SGD(net.parameters(), lr=0.5) for net in nets]
    run_epoch(nets[0], optimizers[0], given, lambda: steps.append(1))
    for X, y in given:
        optimizers[1].zero_grad()
        nn.functional.cross_entropy(nets[1](X), y).backward()
        optimizers[1].step()
    torch.testing.assert_close(nets[0].state_dict(), nets[1].state_dict())
    assert len(steps) == 3


def test_every_part_of_an_epoch_has_its_name(definitions):
    (run_epoch,) = definitions("8.6", "run_epoch", device=CPU)
    net = small_net()
    with profile() as prof:
        run_epoch(net, torch.optim.SGD(net.parameters(), lr=0.5), batches(3))
    counts = {each.key: each.count for each in prof.key_averages()}
    assert [counts[name] for name in ("load", "forward", "backward", "update")] == [4, 3, 3, 3]


def test_the_plan_records_three_of_six_steps(definitions, tmp_path):
    net = small_net()
    (profiled,) = definitions(
        "8.6",
        "profiled",
        device=CPU,
        net=net,
        optimizer=torch.optim.SGD(net.parameters(), lr=0.5),
        trace=tmp_path / "trace.json",
    )
    events = profiled(batches(9))
    names = [each["name"] for each in events]
    assert [names.count(name) for name in ("load", "forward", "update")] == [3, 3, 3]
    assert all(each["dur"] >= 0 for each in events)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_speed_up(definitions, p):
    (speed_up,) = definitions("8.6", "speed_up")
    assert speed_up(p, 1) == pytest.approx(1)
    before, after = 10.0, 10.0 * (1 - p) + 10.0 * p / 5
    assert speed_up(p, 5) == pytest.approx(before / after)
    assert speed_up(p, 5) <= 5


def test_the_loop_is_the_vector(definitions):
    (loop,) = definitions("8.6", "loop")
    x = torch.randn(50)
    torch.testing.assert_close(loop(x), (x * x).sum())


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0])
def test_each_image_is_flipped_or_not(definitions, p):
    (flip_each,) = definitions("8.6", "flip_each")
    X = torch.rand(400, 1, 2, 3)
    flipped = flip_each(X, p)
    same = (flipped == X).flatten(1).all(dim=1)
    assert (same | (flipped == X.flip(-1)).flatten(1).all(dim=1)).all()
    assert (~same).float().mean().item() == pytest.approx(p, abs=0.1)


def test_photos_are_decoded_when_taken(definitions, tmp_path):
    (Photos,) = definitions("8.6", "Photos")
    photos = Photos(tmp_path, 3)
    assert len(photos) == 3
    assert all(file.read_bytes().startswith(b"\xff\xd8") for file in photos.files)  # JPEG
    X = photos[2]
    assert X.shape == (3, 224, 224)
    assert 0 <= X.min() < X.max() <= 1


def test_loaders_give_the_same_with_and_without_workers(definitions):
    (loader_of,) = definitions("8.6", "loader_of", has_fork=True)
    data = torch.arange(10)
    alone = list(loader_of(data, 4, 0))
    shared = list(loader_of(data, 4, 2, prefetch_factor=1))
    torch.testing.assert_close(shared, alone)
    (without,) = definitions("8.6", "loader_of", has_fork=False)
    assert without(data, 4, 2, persistent_workers=True).num_workers == 0


def test_consume_tells_the_first_and_the_whole(definitions):
    (consume,) = definitions("8.6", "consume")
    first, total = consume([1, 2, 3], 0.01)
    assert 0 < first < total
    assert total >= 0.03
    assert math.isfinite(total)
