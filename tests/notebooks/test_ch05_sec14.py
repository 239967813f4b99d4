"""Section 5.14: the small net, and every instrument that the notebook looks into it with."""

import copy
import json

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

import d2lzh_pytorch as d2l


def warmed_up(net):
    """Move the running statistics, and the scales and shifts, away from 0 and 1."""
    for norm in (module for module in net.modules() if isinstance(module, nn.BatchNorm2d)):
        nn.init.uniform_(norm.weight, 0.5, 2)
        nn.init.normal_(norm.bias)
    with torch.no_grad():
        net(torch.rand(16, 1, 28, 28))
    return net.eval()


def test_small_net_takes_a_step_as_its_twin_of_torch_layers(definitions):
    (small_net,) = definitions("5.14", "small_net")
    net = small_net()
    twin = copy.deepcopy(net)
    twin[5] = nn.AdaptiveAvgPool2d(1)
    X, y = torch.rand(8, 1, 28, 28), torch.arange(8)
    for each in (net, twin):
        optimizer = torch.optim.Adam(each.parameters(), lr=0.003)
        F.cross_entropy(each(X), y).backward()
        optimizer.step()
    for ours, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        assert_close(ours.grad, theirs.grad)
        assert_close(ours, theirs)
    assert_close(net.eval()(X), twin.eval()(X))
    assert sum(param.numel() for param in net.parameters()) == 24_314


def test_folded_kernels_are_the_convolution_and_the_normalisation(definitions):
    small_net, fold = definitions("5.14", "small_net", "fold")
    net = warmed_up(small_net())
    X = torch.randn(4, 1, 28, 28)
    kernels, biases = fold(net[0])
    assert_close(F.conv2d(X, kernels, biases, padding=2), net[0][:2](X), atol=1e-4, rtol=1e-4)
    kernels, biases = fold(net[2])
    H = torch.rand(4, 16, 9, 7)
    assert_close(F.conv2d(H, kernels, biases, padding=1), net[2][:2](H), atol=1e-4, rtol=1e-4)


def test_responses_are_sorted_by_the_sum_of_the_weights(definitions):
    disk = torch.zeros(1, 1, 28, 28)
    disk[..., 8:20, 8:20] = 1
    sorted_responses, count_edge_only = definitions(
        "5.14", "sorted_responses", "count_edge_only", disk=disk
    )
    edge = torch.zeros(1, 5, 5)
    edge[0, 2, 1:4] = torch.tensor([1.0, 0, -1])
    bright = torch.full((1, 5, 5), 0.1)
    images, responses = sorted_responses(torch.stack([bright, edge, -bright]))
    assert_close(images, torch.stack([-bright, edge, bright])[:, 0])
    assert responses.shape == (3, 28, 28)
    assert_close(responses[1, 13, 6:22], F.conv1d(disk[0, :, 13, 5:23], edge[:, 2:3, 1:4])[0])
    assert count_edge_only(responses) == 1


@pytest.mark.parametrize("channel", [0, 15])
def test_a_channel_that_is_constant_anyway_loses_nothing(definitions, channel):
    (small_net,) = definitions("5.14", "small_net")
    net, y = warmed_up(small_net()), torch.arange(8)
    maps = torch.rand(8, 16, 28, 28)
    maps[:, channel] = 0.25
    (drop_with,) = definitions("5.14", "drop_with", maps=maps, y=y)
    before = maps.clone()
    assert drop_with(net, channel, 0.25) == 0
    y[:] = net[1:](maps).argmax(dim=1)  # now every answer is right
    changed = maps.clone()
    changed[:, channel] = 50
    assert drop_with(net, channel, 50) == 1 - d2l.accuracy(net[1:](changed), y)
    assert_close(maps, before)


def test_a_constant_is_taken_away_by_statistics_of_the_batch(definitions):
    """Why zeroing and the mean agree once the normalisation behind is renewed."""
    (conv_bn_relu,) = definitions("5.14", "conv_bn_relu")
    block, maps = conv_bn_relu(4, 6, 3), torch.rand(8, 4, 9, 9)
    inside = (..., slice(1, -1), slice(1, -1))  # padding makes the border another constant
    zero, mean = maps.clone(), maps.clone()
    zero[:, 2], mean[:, 2] = 0, 0.4
    conv, norm = block[0], block[1]
    assert_close(norm(conv(zero)[inside]), norm(conv(mean)[inside]), atol=1e-4, rtol=1e-4)
    norm.eval()
    assert not torch.allclose(norm(conv(zero)[inside]), norm(conv(mean)[inside]), atol=1e-2)


def test_capture_gives_what_the_layers_return_and_leaves_no_hook(definitions):
    small_net, capture = definitions("5.14", "small_net", "capture")
    net, X = small_net().eval(), torch.rand(2, 1, 28, 28)
    outputs = capture(net, X, "0", "2", "4", "5")
    assert list(outputs) == ["0", "2", "4", "5"]
    for name, output in outputs.items():
        assert_close(output, net[: int(name) + 1](X))
        assert not output.requires_grad
    with pytest.raises(RuntimeError):
        capture(net, X[:, :, 0], "0")
    assert not any(module._forward_hooks for module in net.modules())


def test_nearest_neighbours(definitions):
    (same_class_as_nearest,) = definitions("5.14", "same_class_as_nearest")
    features = torch.tensor([0.0, 1, 10, 11, 20, 22])[:, None]
    assert same_class_as_nearest(features, torch.tensor([0, 0, 1, 2, 3, 3])) == pytest.approx(2 / 3)


def test_class_activation_map_averages_to_the_score(definitions):
    small_net, class_activation_map = definitions("5.14", "small_net", "class_activation_map")
    net, X = warmed_up(small_net()), torch.rand(3, 1, 28, 28)
    features = net[:5](X).detach().requires_grad_()
    maps = class_activation_map(features, net[7].weight)
    scores = net[5:](features)
    assert maps.shape == (3, 10, 7, 7)
    assert_close(maps.mean(dim=(2, 3)) + net[7].bias, scores, atol=1e-4, rtol=1e-4)

    # An average hands the gradient of the score to every position alike.
    (gradient,) = torch.autograd.grad(scores[:, 4].sum(), features)
    expected = (net[7].weight[4] / 49)[None, :, None, None].expand_as(features)
    assert_close(gradient, expected)
    (gradient,) = torch.autograd.grad(maps[:, 4].mean(dim=(1, 2)).sum(), features)
    assert_close(gradient, expected)


def test_hiding_a_square(definitions):
    (hide,) = definitions("5.14", "hide")
    images = torch.ones(25, 1, 28, 28)
    hidden = hide(images, torch.arange(25))
    assert images.min() == 1
    assert hidden.sum(dim=(1, 2, 3)).tolist() == [28 * 28 - 144] * 25
    darkness = F.avg_pool2d(1 - hidden, 12, stride=4).flatten(start_dim=1)  # (25, 25)
    assert_close(darkness.argmax(dim=1), torch.arange(25))
    assert_close(darkness.amax(dim=1), torch.ones(25))


def test_confusion_matrix_counts_pairs(definitions):
    (confusion_matrix,) = definitions("5.14", "confusion_matrix")
    scores, y = torch.eye(3)[[2, 0, 0, 1]], torch.tensor([2, 0, 1, 1])
    assert confusion_matrix(scores, y, 3).tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("groups", [1, 4])
def test_two_operations_for_each_product(definitions, groups):
    (count_flops,) = definitions("5.14", "count_flops")

    def build():
        conv = nn.Conv2d(1, 4, 3, padding=1)
        return nn.Sequential(conv, nn.ReLU(), nn.Conv2d(4, 8, 3, groups=groups), nn.BatchNorm2d(8))

    assert count_flops(build, 6) == 2 * (36 * 9 * 4 + 16 * 9 * 4 * 8 // groups)
    linear = count_flops(lambda: nn.Sequential(nn.Flatten(), nn.Linear(9, 5)), 3)
    assert linear == 2 * 45


def test_logs_are_read_in_order_and_missing_ones_passed_over(definitions, tmp_path):
    folder = tmp_path / "benchmarks" / "results"
    folder.mkdir(parents=True)
    for kind in ("seed1", "gpu-seed0", "study-seed0"):
        (folder / f"net-{kind}.json").write_text(json.dumps({"kind": kind}))
    (read_logs,) = definitions("5.14", "read_logs", root=tmp_path)
    assert [log["kind"] for log in read_logs("net")] == ["gpu-seed0", "seed1"]
    assert read_logs("other") == []


def test_time_of_a_step_is_positive(definitions):
    (milliseconds,) = definitions("5.14", "milliseconds")
    assert milliseconds(d2l.LeNet, 28, batch_size=2) > 0
