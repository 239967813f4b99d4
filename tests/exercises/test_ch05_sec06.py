"""Wrong answers to the exercises of section 5.6."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.testing import assert_close


def parameters_only(layers, X):
    return 4 * sum(param.nbytes for layer in layers for param in layer.parameters())


def one_record(layers, X):
    total = 3 * sum(param.nbytes for layer in layers for param in layer.parameters())
    for layer in layers:
        X = layer(X)
        total += X.nbytes
    return total


def last_output_only(layers, X):
    for layer in layers:
        X = layer(X)
    return parameters_only(layers, X) + X.nbytes * bool(layers)


def four_bytes_always(layers, X):
    total = 0
    for layer in layers:
        X = layer(X)
        total += 4 * X.numel() + 16 * sum(param.numel() for param in layer.parameters())
    return total


def input_counted(layers, X):
    return X.nbytes + correct_bytes(layers, X)


def correct_bytes(layers, X):
    total = parameters_only(layers, X)
    for layer in layers:
        X = layer(X)
        total += X.nbytes
    return total


def alpha_divided_as_in_torch(X, size, alpha, beta, k):
    return F.local_response_norm(X, size, alpha, beta, k)


def over_the_pixels(X, size, alpha, beta, k):
    sums = F.avg_pool2d(X.square(), size, stride=1, padding=size // 2) * size**2
    return X / (k + alpha * sums) ** beta


def over_all_channels(X, size, alpha, beta, k):
    return X / (k + alpha * X.square().sum(dim=1, keepdim=True)) ** beta


def slice_from_a_negative_index(X, size, alpha, beta, k):
    half, channels = size // 2, range(X.shape[1])
    sums = [X[:, i - half : i + half + 1].square().sum(dim=1, keepdim=True) for i in channels]
    return X / (k + alpha * torch.cat(sums, dim=1)) ** beta


def cropped_only(images, size, tops, lefts, flips):
    pairs = zip(images, tops, lefts, strict=True)
    return torch.stack([x[:, i : i + size, j : j + size] for x, i, j in pairs])


def flipped_upside_down(images, size, tops, lefts, flips):
    pieces = cropped_only(images, size, tops, lefts, flips)
    return torch.where(flips.reshape(-1, 1, 1, 1), pieces.flip(-2), pieces)


def flipped_before_the_crop(images, size, tops, lefts, flips):
    turned = torch.where(flips.reshape(-1, 1, 1, 1), images.flip(-1), images)
    return cropped_only(turned, size, tops, lefts, flips)


def rows_and_columns_exchanged(images, size, tops, lefts, flips):
    pairs = zip(images, tops, lefts, flips, strict=True)
    pieces = [(x[:, j : j + size, i : i + size], flip) for x, i, j, flip in pairs]
    return torch.stack([x.flip(-1) if flip else x for x, flip in pieces])


WRONG = {
    "5.6-1": [parameters_only, one_record, last_output_only, four_bytes_always, input_counted],
    "5.6-2": [
        alpha_divided_as_in_torch,
        over_the_pixels,
        over_all_channels,
        slice_from_a_negative_index,
    ],
    "5.6-3": [
        cropped_only,
        flipped_upside_down,
        flipped_before_the_crop,
        rows_and_columns_exchanged,
    ],
}


def test_training_bytes_are_those_of_adam():
    from d2lzh_pytorch.exercises.ch05.sec06 import training_bytes

    layers, X = [nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 3)], torch.rand(4, 5)
    net = nn.Sequential(*layers)
    optimizer = torch.optim.Adam(net.parameters())
    net(X).sum().backward()
    optimizer.step()
    held = [tensor for param in net.parameters() for tensor in (param, param.grad)]
    for state in optimizer.state.values():
        held += [state["exp_avg"], state["exp_avg_sq"]]
    outputs = 4 * 4 * (6 + 6 + 3)
    assert training_bytes(layers, X) == sum(tensor.nbytes for tensor in held) + outputs


@pytest.mark.parametrize("size", [1, 3, 5])
def test_local_response_norm_is_torchs_with_another_alpha(size):
    from d2lzh_pytorch.exercises.ch05.sec06 import local_response_norm

    X = torch.randn(2, 7, 3, 3)
    expected = F.local_response_norm(X, size, alpha=0.1 * size, beta=0.75, k=2.0)
    assert_close(local_response_norm(X, size, 0.1, 0.75, 2.0), expected)
