"""Section 8.5: numbers bit by bit, rounding errors, and loss scaling."""

import math

import pytest
import torch
from torch import nn

HALVES = (torch.bfloat16, torch.float16)
FORMATS = {torch.float32: (8, 23), torch.bfloat16: (8, 7), torch.float16: (5, 10)}
INTEGERS = {2: torch.int16, 4: torch.int32}


@pytest.mark.parametrize("dtype", FORMATS)
def test_the_bits_of_a_number_give_its_value(definitions, dtype):
    (value,) = definitions("8.5", "value", FORMATS=FORMATS, INTEGERS=INTEGERS)
    info = torch.finfo(dtype)
    special = [0.0, 1.0, info.max, info.min, info.smallest_normal, info.smallest_normal / 4]
    x = torch.cat([torch.randn(200), torch.tensor([*special, math.inf, -math.inf, math.nan])])
    x = x.to(dtype)
    torch.testing.assert_close(value(x), x.double(), rtol=0, atol=0, equal_nan=True)


def test_fields_are_as_long_as_the_format_says(definitions):
    (fields,) = definitions("8.5", "fields", FORMATS=FORMATS, INTEGERS=INTEGERS)
    for dtype, (exponent, mantissa) in FORMATS.items():
        lengths = [len(part) for part in fields(torch.tensor(-0.1, dtype=dtype))]
        assert lengths == [1, exponent, mantissa]
        assert 2.0**-mantissa == torch.finfo(dtype).eps


def test_the_kind_of_an_output_is_that_of_its_group(definitions):
    (output_types,) = definitions("8.5", "output_types")
    assert output_types(lambda x: x.mm(x)) == ["bfloat16", "bfloat16"]
    assert output_types(lambda x: nn.functional.l1_loss(x, x)) == ["float32", "float32"]
    assert output_types(lambda x: x.tanh()) == ["float32", "bfloat16"]
    assert output_types(lambda x: x + x.float()) == ["float32", "float32"]


def small_net():
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Sigmoid(), nn.Linear(5, 3))


def batch():
    return torch.rand(8, 2, 3), torch.arange(8) % 3


def test_scaled_gradients_are_the_gradients(definitions):
    (gradients,) = definitions("8.5", "gradients", device=torch.device("cpu"))
    net, (X, y) = small_net(), batch()
    nn.functional.cross_entropy(net(X), y).backward()
    exact = [param.grad.clone() for param in net.parameters()]
    torch.testing.assert_close(gradients(net, X, y), exact)
    torch.testing.assert_close(gradients(net, X, y, scale=2.0**16), exact, rtol=0, atol=0)
    for dtype in HALVES:
        ours = gradients(net, X, y, dtype, 2.0**8)
        torch.testing.assert_close(ours, exact, rtol=0.1, atol=2e-3)
        assert not torch.equal(ours[0], exact[0])


def test_relative_error(definitions):
    (relative_error,) = definitions("8.5", "relative_error")
    exact = torch.tensor([3.0, 4.0], dtype=torch.float64)
    assert relative_error(exact.float(), exact) == 0
    assert relative_error(torch.tensor([3.0, 3.5]), exact) == pytest.approx(0.1)


def test_saved_bytes_count_each_kind(definitions):
    (saved_bytes,) = definitions("8.5", "saved_bytes")
    net = nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 4))
    X, y = torch.rand(16, 10), torch.arange(16) % 4
    wide, _ = saved_bytes(net, X, y)
    scores = 4 * 16 * 4
    assert wide[torch.float32] - 4 * 16 * (10 + 20) in range(scores, scores + 9)
    mixed, _ = saved_bytes(net, X, y, torch.bfloat16)
    weights = 10 * 20 + 20 * 4
    copies = mixed[torch.bfloat16] - 2 * 16 * (10 + 20)
    assert 0 < copies <= 2 * weights  # only what the backward pass needs
    assert mixed[torch.int64] == wide[torch.int64] == y.nbytes


def test_the_scaler_is_torchs(definitions):
    (Scaler,) = definitions("8.5", "Scaler")
    (X, y), nets = batch(), [small_net() for _ in range(2)]
    nets[1].load_state_dict(nets[0].state_dict())
    optimizers = [torch.optim.Adam(net.parameters(), lr=0.1) for net in nets]
    ours, theirs = Scaler(64.0, 2), torch.amp.GradScaler("cpu", 64.0, growth_interval=2)
    for i in range(12):
        for net, scale, optimizer in zip(
            nets, (ours.scale, theirs.get_scale()), optimizers, strict=True
        ):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(X), y)
            (scale * loss if net is nets[0] else theirs.scale(loss)).backward()
            if i in (0, 3, 4, 9):
                net[1].bias.grad[0] = math.inf if i % 2 else math.nan
        ours.step(optimizers[0])
        theirs.step(optimizers[1])
        theirs.update()
        assert ours.scale == theirs.get_scale()
        torch.testing.assert_close(list(nets[0].parameters()), list(nets[1].parameters()))


def test_clipping_must_come_after_unscaling(definitions):
    updated_by, make_net = definitions(
        "8.5", "updated_by", "make_net", device=torch.device("cpu"), X=10 * torch.rand(8, 1, 28, 28)
    )
    updated_by.__globals__["y"] = torch.arange(8) % 10
    assert len(list(make_net().parameters())) == 4
    assert updated_by(True, max_norm=0.5) == pytest.approx(0.5, rel=1e-3)
    assert updated_by(False, max_norm=0.5) == pytest.approx(0.5 / 2**10, rel=1e-2)


def test_only_a_net_in_bfloat16_loses_updates(definitions):
    batches = [(torch.rand(32, 1, 28, 28), torch.arange(32) % 10) for _ in range(3)]
    (train,) = definitions(
        "8.5", "train", device=torch.device("cpu"), train_iter=batches, test_iter=batches
    )
    lost = {how: sum(train(how, 0, 1)[2]) / 3 for how in ("float32", "autocast", "pure")}
    assert lost["float32"] < 0.1
    assert lost["autocast"] < 0.1
    assert lost["pure"] > 0.5
