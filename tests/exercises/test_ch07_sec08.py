"""Wrong answers to the exercises of section 7.8."""

import pytest
import torch


def _path(x, gradients, step):
    m, v, path = torch.zeros_like(x), torch.zeros_like(x), [x]
    for t, gradient in enumerate(gradients, start=1):
        x, m, v = step(path[-1], gradient, m, v, t)
        path.append(x)
    return torch.stack(path)


def decay_in_the_gradient(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        g = g + decay * x
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return x - lr * m_hat / (v_hat.sqrt() + eps), m, v

    return _path(x, gradients, step)


def without_bias_correction(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        return (1 - lr * decay) * x - lr * m / (v.sqrt() + eps), m, v

    return _path(x, gradients, step)


def counted_from_zero(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** (t + 1)), v / (1 - betas[1] ** (t + 1))
        return (1 - lr * decay) * x - lr * m_hat / (v_hat.sqrt() + eps), m, v

    return _path(x, gradients, step)


def corrected_and_kept(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        m = (betas[0] * m + (1 - betas[0]) * g) / (1 - betas[0] ** t)
        v = (betas[1] * v + (1 - betas[1]) * g**2) / (1 - betas[1] ** t)
        return (1 - lr * decay) * x - lr * m / (v.sqrt() + eps), m, v

    return _path(x, gradients, step)


def eps_inside_the_root(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return (1 - lr * decay) * x - lr * m_hat / (v_hat + eps).sqrt(), m, v

    return _path(x, gradients, step)


def decay_without_the_rate(x, gradients, lr, betas, eps, decay):
    def step(x, g, m, v, t):
        m, v = betas[0] * m + (1 - betas[0]) * g, betas[1] * v + (1 - betas[1]) * g**2
        m_hat, v_hat = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return (1 - decay) * x - lr * m_hat / (v_hat.sqrt() + eps), m, v

    return _path(x, gradients, step)


def corrected(lr, beta1, beta2, num_steps):
    return torch.full((num_steps,), lr, dtype=torch.float64)


def moves_counted_from_zero(lr, beta1, beta2, num_steps):
    t = torch.arange(num_steps, dtype=torch.float64)
    return lr * (1 - beta1**t) / (1 - beta2**t).sqrt()


def without_the_square_root(lr, beta1, beta2, num_steps):
    t = torch.arange(1, num_steps + 1, dtype=torch.float64)
    return lr * (1 - beta1**t) / (1 - beta2**t)


def only_below(lr, beta1, beta2, num_steps):
    t = torch.arange(1, num_steps + 1, dtype=torch.float64)
    return lr / (1 - beta2**t).sqrt()


WRONG = {
    "7.8-1": [
        decay_in_the_gradient,
        without_bias_correction,
        counted_from_zero,
        corrected_and_kept,
        eps_inside_the_root,
        decay_without_the_rate,
    ],
    "7.8-2": [
        corrected,
        moves_counted_from_zero,
        without_the_square_root,
        only_below,
    ],
}


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_path_is_torchs(decay):
    from d2lzh_pytorch.exercises.ch07.sec08 import adamw_path

    start, gradients = torch.randn(4), torch.randn(15, 4)
    x = start.clone().requires_grad_()
    settings = {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3}
    optimizer = torch.optim.AdamW([x], weight_decay=decay, **settings)
    path = adamw_path(start, gradients, decay=decay, **settings)
    for gradient, expected in zip(gradients, path[1:], strict=True):
        x.grad = gradient
        optimizer.step()
        torch.testing.assert_close(x.detach(), expected)


def test_moves_are_those_of_adam_without_its_correction():
    from d2lzh_pytorch.exercises.ch07.sec08 import adamw_path, uncorrected_moves

    gradients = torch.full((8, 1), -3.0, dtype=torch.float64)
    path = without_bias_correction(gradients[0] * 0, gradients, 0.1, (0.9, 0.999), 0.0, 0.0)
    torch.testing.assert_close(path.diff(dim=0).flatten(), uncorrected_moves(0.1, 0.9, 0.999, 8))
    corrected = adamw_path(gradients[0] * 0, gradients, 0.1, (0.9, 0.999), 0.0, 0.0)
    torch.testing.assert_close(corrected.diff(dim=0), torch.full((8, 1), 0.1, dtype=torch.float64))
