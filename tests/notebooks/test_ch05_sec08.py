"""Section 5.8: what the notebook defines against torch's layers."""

import pytest
import torch
from torch import nn
from torch.testing import assert_close


@pytest.mark.parametrize(("c_i", "c_o", "h", "w"), [(3, 8, 4, 5), (1, 1, 1, 1), (4, 4, 4, 4)])
def test_one_by_one_convolution_is_a_linear_layer(definitions, c_i, c_o, h, w):
    (as_linear,) = definitions("5.8", "as_linear")
    conv = nn.Conv2d(c_i, c_o, kernel_size=1)
    linear = as_linear(conv)
    X = torch.randn(2, c_i, h, w)
    Y, Y_linear = conv(X), linear(X.movedim(1, 3)).movedim(3, 1)
    assert_close(Y, Y_linear)
    weights = torch.randn(Y.shape)
    (Y * weights).sum().backward()
    (Y_linear * weights).sum().backward()
    assert_close(conv.weight.grad[:, :, 0, 0], linear.weight.grad)
    assert_close(conv.bias.grad, linear.bias.grad)


def test_global_pooling_forward_and_gradient(definitions):
    (GlobalAvgPool2d,) = definitions("5.8", "GlobalAvgPool2d")
    X = torch.randn(2, 3, 4, 7)
    ours, theirs = X.clone().requires_grad_(), X.clone().requires_grad_()
    weights = torch.randn(2, 3, 1, 1)
    (GlobalAvgPool2d()(ours) * weights).sum().backward()
    (nn.AdaptiveAvgPool2d(1)(theirs) * weights).sum().backward()
    assert_close(GlobalAvgPool2d()(X), nn.AdaptiveAvgPool2d(1)(X))
    assert_close(ours.grad, theirs.grad)


def test_nin_of_the_notebook_has_the_weights_of_the_package(definitions):
    from d2lzh_pytorch.models.nin import nin as packaged

    nin, count_parameters = definitions("5.8", "nin", "count_parameters")
    net, twin = nin().eval(), packaged().eval()
    twin.load_state_dict(net.state_dict())
    X = torch.rand(2, 1, 67, 80)
    assert_close(net(X), twin(X))
    assert count_parameters(net) == 1_992_166


def test_described_shapes_parameters_and_products(definitions, capsys):
    describe, nin = definitions("5.8", "describe", "nin")
    with torch.device("meta"):
        describe(nin(), torch.zeros(1, 1, 224, 224))
    printed = capsys.readouterr().out
    for shape in ("(96, 54, 54)", "(256, 26, 26)", "(384, 5, 5)", "(10, 5, 5)", "(10,)"):
        assert shape in printed
    first = (11 * 11 + 2 * 96) * 96 * 54**2
    second = (25 * 96 + 2 * 256) * 256 * 26**2
    third = (9 * 256 + 2 * 384) * 384 * 12**2
    last = (9 * 384 + 2 * 10) * 10 * 5**2
    assert f"乘法 {(first + second + third + last) / 1e6:.0f} 百万次" in printed


def test_dead_classes(definitions):
    (dead_classes,) = definitions("5.8", "dead_classes")
    assert dead_classes(torch.tensor([[0.0, 1, 0], [0, 0, 0]])) == 2
    assert dead_classes(torch.tensor([[0.0, 1], [2, 0]])) == 0
