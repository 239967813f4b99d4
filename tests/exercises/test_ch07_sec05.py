"""Wrong answers to the exercises of section 7.5."""

import pytest
import torch


def eps_inside_the_root(x, gradients, lr, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = s + gradient**2
        path.append(path[-1] - lr * gradient / (s + eps).sqrt())
    return torch.stack(path)


def forgetting_the_past(x, gradients, lr, eps):
    path = [x]
    for gradient in gradients:
        path.append(path[-1] - lr * gradient / (gradient.abs() + eps))
    return torch.stack(path)


def one_sum_for_all(x, gradients, lr, eps):
    s, path = torch.zeros(()), [x]
    for gradient in gradients:
        s = s + gradient.square().sum()
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def without_the_root(x, gradients, lr, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = s + gradient**2
        path.append(path[-1] - lr * gradient / (s + eps))
    return torch.stack(path)


def a_moving_average(x, gradients, lr, eps):
    s, path = torch.zeros_like(x), [x]
    for gradient in gradients:
        s = 0.9 * s + 0.1 * gradient**2
        path.append(path[-1] - lr * gradient / (s.sqrt() + eps))
    return torch.stack(path)


def last_of_the_repeated(x, s, indices, values, lr, eps):
    x, s = x.clone(), s.clone()
    s[indices] += values**2
    x[indices] -= lr * values / (s[indices].sqrt() + eps)
    return x, s


def squares_of_the_parts(x, s, indices, values, lr, eps):
    s = s.index_add(0, indices, values**2)
    gradient = torch.zeros_like(x).index_add(0, indices, values)
    return x - lr * gradient / (s.sqrt() + eps), s


def changes_its_arguments(x, s, indices, values, lr, eps):
    gradient = torch.zeros_like(x).index_add(0, indices, values)
    s += gradient**2
    x -= lr * gradient / (s.sqrt() + eps)
    return x, s


def with_the_old_sum(x, s, indices, values, lr, eps):
    gradient = torch.zeros_like(x).index_add(0, indices, values)
    return x - lr * gradient / (s.sqrt() + eps), s + gradient**2


WRONG = {
    "7.5-1": [
        eps_inside_the_root,
        forgetting_the_past,
        one_sum_for_all,
        without_the_root,
        a_moving_average,
    ],
    "7.5-2": [
        last_of_the_repeated,
        squares_of_the_parts,
        changes_its_arguments,
        with_the_old_sum,
    ],
}


def test_path_is_torchs():
    from d2lzh_pytorch.exercises.ch07.sec05 import adagrad_path

    start, gradients = torch.randn(4), torch.randn(15, 4)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.Adagrad([x], lr=0.2)
    for gradient, expected in zip(
        gradients, adagrad_path(start, gradients, 0.2, 1e-10)[1:], strict=True
    ):
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


@pytest.mark.filterwarnings("ignore:Sparse invariant checks")
def test_sparse_is_torchs_on_a_sparse_gradient():
    from d2lzh_pytorch.exercises.ch07.sec05 import sparse_adagrad

    start, s = torch.randn(6), torch.zeros(6)
    x = start.clone().requires_grad_()
    optimizer = torch.optim.Adagrad([x], lr=0.2)
    ours = start
    for _ in range(12):
        indices, values = torch.randint(6, (4,)), torch.randn(4)
        x.grad = torch.sparse_coo_tensor(indices[None], values, (6,), check_invariants=False)
        optimizer.step()
        ours, s = sparse_adagrad(ours, s, indices, values, 0.2, 1e-10)
        torch.testing.assert_close(x.detach(), ours)
