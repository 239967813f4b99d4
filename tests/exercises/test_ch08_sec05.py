"""Plausible wrong answers to the exercises of section 8.5."""

import torch


def cuts(x):
    return (x.view(torch.int32) & ~0xFFFF).view(torch.float32)


def rounds_halves_up(x):
    return ((x.view(torch.int32) + 0x8000) & ~0xFFFF).view(torch.float32)


def rounds_halves_down(x):
    return ((x.view(torch.int32) + 0x7FFF) & ~0xFFFF).view(torch.float32)


def goes_through_float16(x):
    return x.half().float()


def never_grows(overflows, scale, interval):
    scales = []
    for overflow in overflows:
        scales.append(scale)
        if overflow:
            scale /= 2
    return scales


def counts_all_good_steps(overflows, scale, interval):
    scales, good = [], 0
    for overflow in overflows:
        scales.append(scale)
        if overflow:
            scale /= 2
            continue
        good += 1
        if good % interval == 0:
            scale *= 2
    return scales


def keeps_growing(overflows, scale, interval):
    scales, good = [], 0
    for overflow in overflows:
        scales.append(scale)
        good = 0 if overflow else good + 1
        if overflow:
            scale /= 2
        elif good >= interval:
            scale *= 2
    return scales


def tells_the_scale_afterwards(overflows, scale, interval):
    scales, good = [], 0
    for overflow in overflows:
        good = 0 if overflow else good + 1
        if overflow:
            scale /= 2
        elif good == interval:
            scale, good = 2 * scale, 0
        scales.append(scale)
    return scales


def rounds_to_nearest(x, u):
    return x.bfloat16().float()


def always_rounds_up(x, u):
    return ((x.view(torch.int32) + 0xFFFF) & ~0xFFFF).view(torch.float32)


def tosses_a_coin(x, u):
    return torch.where(u < 0.5, cuts(x), always_rounds_up(x, u))


def backwards(x, u):
    return round_with(x, 1 - u)


def round_with(x, u):
    bits = x.view(torch.int32) + (u * 2**16).to(torch.int32)
    return (bits & ~0xFFFF).view(torch.float32)


WRONG = {
    "8.5-1": [cuts, rounds_halves_up, rounds_halves_down, goes_through_float16],
    "8.5-2": [never_grows, counts_all_good_steps, keeps_growing, tells_the_scale_afterwards],
    "8.5-3": [rounds_to_nearest, always_rounds_up, tosses_a_coin, backwards],
}
