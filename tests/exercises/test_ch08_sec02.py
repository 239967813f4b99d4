"""Plausible wrong answers to the exercises of section 8.2."""

import torch


def everything_waits(prepare, compute, wait):
    total = sum(prepare) + sum(compute)
    return total, total


def device_never_idles(prepare, compute, wait):
    host = device = 0.0
    for preparing, computing, waits in zip(prepare, compute, wait, strict=True):
        host += preparing
        device += computing
        if waits:
            host = max(host, device)
    return host, device


def forgets_to_wait(prepare, compute, wait):
    host = device = 0.0
    for preparing, computing in zip(prepare, compute, strict=True):
        host += preparing
        device = max(host, device) + computing
    return host, device


def waits_before_its_own_task(prepare, compute, wait):
    host = device = 0.0
    for preparing, computing, waits in zip(prepare, compute, wait, strict=True):
        host += preparing
        if waits:
            host = max(host, device)
        device = max(host, device) + computing
    return host, device


def selects(x, mask):
    return x[mask].mean()


def multiplies(x, mask):
    return (x * mask).sum() / mask.sum().clamp(min=1)


def divides_by_all(x, mask):
    return torch.where(mask, x, 0).mean()


def divides_by_zero(x, mask):
    return torch.where(mask, x, 0).sum() / mask.sum()


WRONG = {
    "8.2-1": [everything_waits, device_never_idles, forgets_to_wait, waits_before_its_own_task],
    "8.2-2": [selects, multiplies, divides_by_all, divides_by_zero],
}
