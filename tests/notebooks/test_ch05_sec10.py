"""Section 5.10: the notebook's batch normalisation against torch's, and what it says about it."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close

LIBRARY = {2: nn.BatchNorm1d, 4: nn.BatchNorm2d}


@pytest.mark.parametrize("shape", [(8, 3), (4, 3, 5, 2)])
def test_layer_forward_gradient_and_statistics_over_steps(definitions, shape):
    (BatchNorm,) = definitions("5.10", "BatchNorm")
    mine, theirs = BatchNorm(3, len(shape)), LIBRARY[len(shape)](3)
    with torch.no_grad():
        for ours, param in zip(mine.parameters(), theirs.parameters(), strict=True):
            ours.copy_(param.uniform_(0.5, 2).view_as(ours))
    for step in range(8):
        for layer in (mine, theirs):
            layer.train(step < 6)
        X = torch.randn(shape) * 2 + step
        results = []
        for layer in (mine, theirs):
            inputs = X.clone().requires_grad_()
            Y = layer(inputs)
            grads = torch.autograd.grad(Y.pow(3).sum(), [inputs, *layer.parameters()])
            results.append([each.flatten() for each in (Y, *grads, *list(layer.buffers())[:2])])
        assert_close(*results, rtol=1e-4, atol=1e-4)


def test_the_notebooks_comparison_sees_a_biased_running_variance(definitions):
    """`compare` is a check that can fail."""
    compare, BatchNorm = definitions("5.10", "compare", "BatchNorm")
    compare(BatchNorm(3, 2), nn.BatchNorm1d(3), torch.randn(8, 3))
    wrong = BatchNorm(3, 2)
    wrong.moving_var.fill_(0.9)
    with pytest.raises(AssertionError):
        compare(wrong, nn.BatchNorm1d(3), torch.randn(8, 3))


def test_the_books_layer_has_the_faults_that_are_named(definitions):
    PlainBatchNorm, BatchNorm, graph_nodes = definitions(
        "5.10", "PlainBatchNorm", "BatchNorm", "graph_nodes"
    )
    for layer, faulty in ((PlainBatchNorm(3), True), (BatchNorm(3, 2), False)):
        net, nodes = nn.Sequential(nn.Linear(2, 3), layer), []
        for _ in range(3):
            net(torch.randn(8, 2)).sum().backward()
            nodes.append(graph_nodes(layer.moving_mean))
        assert (nodes[0] < nodes[1] < nodes[2]) == faulty
        assert ("moving_mean" in layer.state_dict()) != faulty
        net.eval()
        if faulty:
            with pytest.raises(RuntimeError, match="graph leaves"):
                copy.deepcopy(net)
            with pytest.raises(RuntimeError, match="second time"):
                net(torch.randn(8, 2)).sum().backward()
        else:
            copy.deepcopy(net)
            net(torch.randn(8, 2)).sum().backward()


def test_the_books_variance_is_a_tenth_after_one_step(definitions):
    (PlainBatchNorm,) = definitions("5.10", "PlainBatchNorm")
    layer, X = PlainBatchNorm(2), torch.randn(64, 2) * 3
    layer(X)
    assert_close(layer.moving_var[0], 0.1 * X.var(dim=0, correction=0))


def test_nets(definitions):
    names = ("lenet_bn", "no_norm", "torch_batch_norm", "count_parameters", "use_relu")
    lenet_bn, no_norm, torch_batch_norm, count_parameters, use_relu = definitions("5.10", *names)
    counts = [count_parameters(lenet_bn(norm)) for norm in (no_norm, torch_batch_norm)]
    assert counts == [44_426, 44_878]
    assert count_parameters(lenet_bn()) == 44_878
    relu = use_relu(lenet_bn(no_norm))
    assert not any(isinstance(layer, nn.Sigmoid) for layer in relu)
    assert sum(isinstance(layer, nn.ReLU) for layer in relu) == 4


def test_standardising_keeps_the_spread(definitions):
    spreads, lenet_bn, no_norm = definitions("5.10", "spreads", "lenet_bn", "no_norm")
    X, net = torch.rand(64, 1, 28, 28), lenet_bn(no_norm)
    with torch.no_grad():
        plain, kept = (spreads(net, X, standardize) for standardize in (False, True))
    assert plain[0] == kept[0]
    assert plain[-1] < 0.001 < 0.02 < kept[-1]


def test_recount_averages_over_the_batches_and_leaves_the_net_alone(definitions):
    recount, lenet_bn, torch_batch_norm = definitions(
        "5.10", "recount", "lenet_bn", "torch_batch_norm", device="cpu"
    )
    net = lenet_bn(torch_batch_norm)
    before = copy.deepcopy(net.state_dict())
    batches = [torch.rand(16, 1, 28, 28) for _ in range(3)]
    fixed = recount(net, batches)
    assert_close(net.state_dict(), before, rtol=0, atol=0)
    with torch.no_grad():
        means = [net[0](X).mean(dim=(0, 2, 3)) for X in batches]
    assert_close(fixed[1].running_mean, torch.stack(means).mean(dim=0))


def test_scale_and_shift_before_it_do_not_matter():
    X, W, bias = torch.randn(32, 6), torch.randn(4, 6), torch.randn(4)
    Y = F.batch_norm(F.linear(X, W, bias), None, None, training=True)
    assert_close(F.batch_norm(F.linear(X, 10 * W, bias + 5), None, None, training=True), Y,
                 rtol=1e-3, atol=1e-3)  # fmt: skip
