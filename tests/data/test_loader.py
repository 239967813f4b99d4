from typing import Any

import numpy as np
import pytest
import torch

from d2lzh_pytorch.data.loader import TensorLoader


def make(n: int = 10, **options: Any) -> TensorLoader:
    features = torch.arange(2 * n).reshape(n, 2)
    return TensorLoader((features, torch.arange(n)), **{"batch_size": 4, **options})


def test_in_order_with_a_short_last_batch() -> None:
    loader = make()
    batches = list(loader)
    assert len(loader) == len(batches) == 3
    assert [len(y) for _, y in batches] == [4, 4, 2]
    assert torch.equal(torch.cat([X for X, _ in batches]), loader.tensors[0])
    assert torch.equal(torch.cat([y for _, y in batches]), loader.tensors[1])


@pytest.mark.parametrize(("n", "batch_size", "expected"), [(8, 4, 2), (1, 4, 1), (0, 4, 0)])
def test_length(n: int, batch_size: int, expected: int) -> None:
    loader = make(n, batch_size=batch_size)
    assert len(loader) == len(list(loader)) == expected


def test_shuffled_pairs_stay_together_and_each_comes_once() -> None:
    loader = make(1000, batch_size=64, shuffle=True)
    passes = []
    for _ in range(2):
        X, y = (torch.cat(parts) for parts in zip(*loader, strict=True))
        assert torch.equal(X[:, 0], 2 * y)
        assert torch.equal(y.sort().values, torch.arange(1000))
        passes.append(y)
    assert not torch.equal(passes[0], torch.arange(1000))
    assert not torch.equal(passes[0], passes[1])


def test_order_is_one_permutation_of_the_global_generator() -> None:
    torch.manual_seed(3)
    order = torch.cat([y for _, y in make(1000, shuffle=True)])
    after = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(order, torch.randperm(1000))
    assert torch.equal(after, torch.rand(1))


def test_passes_do_not_disturb_each_other() -> None:
    loader = make()
    first = iter(loader)
    next(first)
    assert len(list(loader)) == 3
    assert len(list(first)) == 2


def test_transform_is_applied_to_features_only() -> None:
    X, y = next(iter(make(transform=lambda X: X / 2)))
    assert torch.equal(X, torch.arange(8).reshape(4, 2) / 2)
    assert torch.equal(y, torch.arange(4))


@pytest.mark.parametrize("shuffle", [False, True])
def test_tensors_are_moved_to_the_device(shuffle: bool) -> None:
    loader = make(shuffle=shuffle, device="meta")
    assert {tensor.device.type for tensor in loader.tensors} == {"meta"}
    for X, y in loader:
        assert X.device.type == y.device.type == "meta"
    assert X.shape == (2, 2)


def test_tensors_are_shared_where_they_need_not_move() -> None:
    features, labels = torch.zeros(3), torch.zeros(3)
    loader = TensorLoader((features, labels), 1, device="cpu")
    assert loader.tensors[0] is features
    assert loader.tensors[1] is labels


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, "4", True, None])
def test_batch_size_must_be_a_positive_integer(batch_size: Any) -> None:
    with pytest.raises(ValueError, match="batch_size must be a positive integer") as caught:
        make(batch_size=batch_size)
    assert repr(batch_size) in str(caught.value)


def test_numpys_integers_are_integers() -> None:
    assert len(make(10, batch_size=np.int64(4))) == 3


@pytest.mark.parametrize(
    "tensors",
    [
        (torch.zeros(3), torch.zeros(4)),
        (torch.zeros(3),),
        (torch.zeros(3), torch.zeros(3), torch.zeros(3)),
        torch.zeros(3, 3),
    ],
)
def test_two_tensors_of_the_same_length(tensors: Any) -> None:
    with pytest.raises(ValueError, match="two tensors of the same length"):
        TensorLoader(tensors, 2)


@pytest.mark.parametrize(("n", "expected"), [(100, 2), (3, 1)])
def test_smoke_run_stops_after_two_batches(
    n: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = make(n)
    monkeypatch.setenv("D2LZH_SMOKE", "1")
    assert len(loader) == len(list(loader)) == expected


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_parts_are_disjoint_and_together_the_batch(size: int) -> None:
    loader = make(11, batch_size=5)  # 5, 5, 1
    parts = [list(loader.part(rank, size)) for rank in range(size)]
    for i, (_, whole) in enumerate(loader):
        ys = [part[i][1] for part in parts if i < len(part)]
        assert torch.equal(torch.cat(ys), whole)
        assert len(ys[0]) - len(ys[-1]) in (0, 1)
    assert sum(len(y) for part in parts for _, y in part) == 11
    assert all(len(y) > 0 for part in parts for _, y in part)
    assert loader.batch_sizes() == loader.part(0, size).batch_sizes() == [5, 5, 1]


def test_parts_draw_the_same_order_from_generators_in_the_same_state() -> None:
    loader = make(10, shuffle=True)
    generators = [torch.Generator().manual_seed(8) for _ in range(3)]
    parts = [loader.part(rank, 2, generators[rank]) for rank in range(2)]
    state = torch.get_rng_state()
    for _ in range(2):
        halves = zip(*parts, strict=True)
        order = torch.cat([torch.cat((first, second)) for (_, first), (_, second) in halves])
        assert torch.equal(order, torch.randperm(10, generator=generators[2]))
    assert torch.equal(torch.get_rng_state(), state)


def test_a_part_leaves_the_loader_as_it_was() -> None:
    loader = make(shuffle=True)
    part = loader.part(1, 2, torch.Generator())
    assert part.tensors[0] is loader.tensors[0]
    order = torch.cat([y for _, y in loader])
    torch.manual_seed(0)
    assert torch.equal(order, torch.randperm(10))
