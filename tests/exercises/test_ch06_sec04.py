"""Wrong answers to the exercises of section 6.4."""

import torch
import torch.nn.functional as F
from torch import nn


def each_tensor_for_itself(grads, theta):
    return [grad * (theta / grad.norm()).clamp(max=1) for grad in grads]


def always_scaled(grads, theta):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    return [grad * theta / norm for grad in grads]


def clipped_by_value(grads, theta):
    return [grad.clamp(-theta, theta) for grad in grads]


def squared_norm(grads, theta):
    norm = sum(grad.square().sum() for grad in grads)
    return [grad * (theta / norm).clamp(max=1) for grad in grads]


def in_place(grads, theta):
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    for grad in grads:
        grad *= (theta / norm).clamp(max=1)
    return grads


def labels_row_by_row(scores, Y):
    losses = F.cross_entropy(scores, Y.flatten(), reduction="none")
    return losses.view(Y.shape[1], Y.shape[0]).mean(dim=1)


def losses_row_by_row(scores, Y):
    losses = F.cross_entropy(scores, Y.T.flatten(), reduction="none")
    return losses.view(Y.shape).mean(dim=0)


def per_row(scores, Y):
    losses = F.cross_entropy(scores, Y.T.flatten(), reduction="none")
    return losses.view(Y.shape[1], Y.shape[0]).mean(dim=0)


def not_renormalised(scores, k, temperature):
    probs = (scores / temperature).softmax(dim=0)
    kept, index = probs.topk(k)
    return torch.zeros_like(scores).scatter(0, index, kept)


def multiplied_by_temperature(scores, k, temperature):
    kept, index = scores.topk(k)
    return torch.zeros_like(scores).scatter(0, index, (kept * temperature).softmax(dim=0))


def others_zero_before_softmax(scores, k, temperature):
    kept, index = scores.topk(k)
    return (torch.zeros_like(scores).scatter(0, index, kept) / temperature).softmax(dim=0)


def only_the_kept(scores, k, temperature):
    return (scores.topk(k).values / temperature).softmax(dim=0)


WRONG = {
    "6.4-1": [each_tensor_for_itself, always_scaled, clipped_by_value, squared_norm, in_place],
    "6.4-2": [labels_row_by_row, losses_row_by_row, per_row],
    "6.4-3": [
        not_renormalised,
        multiplied_by_temperature,
        others_zero_before_softmax,
        only_the_kept,
    ],
}


def test_clipping_is_torchs():
    from d2lzh_pytorch.exercises.ch06.sec04 import clip_gradients

    net = nn.Linear(5, 3)
    net(torch.randn(4, 5)).square().sum().backward()
    ours = clip_gradients([param.grad.clone() for param in net.parameters()], 0.1)
    nn.utils.clip_grad_norm_(net.parameters(), 0.1)
    torch.testing.assert_close(ours, [param.grad for param in net.parameters()])


def test_mean_over_steps_is_the_loss():
    from d2lzh_pytorch.exercises.ch06.sec04 import loss_per_step

    scores, Y = torch.randn(12, 5), torch.randint(5, (4, 3))
    torch.testing.assert_close(
        loss_per_step(scores, Y).mean(), F.cross_entropy(scores, Y.T.flatten())
    )
