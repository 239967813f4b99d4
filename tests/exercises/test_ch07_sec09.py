"""Wrong answers to the exercises of section 7.9."""

import math

import pytest
import torch
from torch.optim import lr_scheduler


def warm_up_from_zero(t, peak, num_steps, num_warmup, num_decay):
    if t < num_warmup:
        return peak * t / num_warmup
    j = t - (num_steps - num_decay)
    return peak if j < 0 else peak * (1 - (j + 1) / num_decay)


def decay_never_ends_at_zero(t, peak, num_steps, num_warmup, num_decay):
    if t < num_warmup:
        return peak * (t + 1) / num_warmup
    j = t - (num_steps - num_decay)
    return peak if j < 0 else peak * (1 - j / num_decay)


def decay_begins_after_the_warm_up(t, peak, num_steps, num_warmup, num_decay):
    if t < num_warmup:
        return peak * (t + 1) / num_warmup
    return peak * max(0.0, 1 - (t - num_warmup + 1) / max(num_decay, 1))


def one_step_late(t, peak, num_steps, num_warmup, num_decay):
    if t <= num_warmup:
        return peak * (t + 1) / (num_warmup + 1)
    j = t - (num_steps - num_decay)
    return peak if j < 0 else peak * (1 - (j + 1) / num_decay)


def no_restart(t, lr, first, multiple, low):
    return low + (lr - low) * (1 + math.cos(math.pi * t / first)) / 2


def equal_lengths(t, lr, first, multiple, low):
    return low + (lr - low) * (1 + math.cos(math.pi * (t % first) / first)) / 2


def restart_one_step_late(t, lr, first, multiple, low):
    length = first
    while t > length:
        t -= length
        length *= multiple
    return low + (lr - low) * (1 + math.cos(math.pi * t / length)) / 2


def low_added(t, lr, first, multiple, low):
    length = first
    while t >= length:
        t -= length
        length *= multiple
    return low + lr * (1 + math.cos(math.pi * t / length)) / 2


def _plateau(metrics, lr, factor, patience, cooldown, threshold=1e-4, early=0, freeze=False):
    best, num_bad, resting, rates = math.inf, 0, 0, []
    for metric in metrics:
        if freeze and resting > 0:
            resting -= 1
            rates.append(lr)
            continue
        if metric < best * (1 - threshold):
            best, num_bad = metric, 0
        else:
            num_bad += 1
        if resting > 0:
            resting, num_bad = resting - 1, 0
        if num_bad > patience - early:
            lr, num_bad, resting = lr * factor, 0, cooldown
        rates.append(lr)
    return rates


def without_cooldown(metrics, lr, factor, patience, cooldown):
    return _plateau(metrics, lr, factor, patience, 0)


def any_progress_counts(metrics, lr, factor, patience, cooldown):
    return _plateau(metrics, lr, factor, patience, cooldown, threshold=0.0)


def one_epoch_early(metrics, lr, factor, patience, cooldown):
    return _plateau(metrics, lr, factor, patience, cooldown, early=1)


def best_forgotten_while_resting(metrics, lr, factor, patience, cooldown):
    return _plateau(metrics, lr, factor, patience, cooldown, freeze=True)


WRONG = {
    "7.9-1": [
        warm_up_from_zero,
        decay_never_ends_at_zero,
        decay_begins_after_the_warm_up,
        one_step_late,
    ],
    "7.9-2": [no_restart, equal_lengths, restart_one_step_late, low_added],
    "7.9-3": [
        without_cooldown,
        any_progress_counts,
        one_epoch_early,
        best_forgotten_while_resting,
    ],
}


def _optimizer(lr):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)


@pytest.mark.parametrize(("first", "multiple"), [(10, 2), (7, 1), (5, 3)])
def test_restarts_are_torchs(first, multiple):
    from d2lzh_pytorch.exercises.ch07.sec09 import restarted_cosine

    optimizer = _optimizer(0.4)
    scheduler = lr_scheduler.CosineAnnealingWarmRestarts(optimizer, first, multiple, eta_min=0.1)
    for t in range(100):
        expected = restarted_cosine(t, 0.4, first, multiple, 0.1)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(expected)
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize("cooldown", [0, 1, 4])
def test_cooldown_is_torchs(cooldown):
    from d2lzh_pytorch.exercises.ch07.sec09 import plateau_with_cooldown

    metrics = (1 + torch.randn(120).cumsum(dim=0).abs()).tolist()
    optimizer = _optimizer(1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.9, patience=2, cooldown=cooldown)
    for metric, expected in zip(
        metrics, plateau_with_cooldown(metrics, 1.0, 0.9, 2, cooldown), strict=True
    ):
        scheduler.step(metric)
        assert optimizer.param_groups[0]["lr"] == pytest.approx(expected)


def test_three_phases_meet():
    from d2lzh_pytorch.exercises.ch07.sec09 import three_phases

    rates = [three_phases(t, 0.5, 20, 4, 5) for t in range(20)]
    assert rates[:4] == pytest.approx([0.125, 0.25, 0.375, 0.5])
    assert rates[4:15] == [0.5] * 11
    assert rates[15:] == pytest.approx([0.4, 0.3, 0.2, 0.1, 0.0])
