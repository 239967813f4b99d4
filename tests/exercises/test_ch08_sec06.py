"""Plausible wrong answers to the exercises of section 8.6."""

import torch


def multiplies_all(seconds, factors):
    product = 1.0
    for factor in factors.values():
        product *= factor
    return product


def forgets_the_rest(seconds, factors):
    touched = {name: each for name, each in seconds.items() if name in factors}
    after = sum(each / factors[name] for name, each in touched.items())
    return sum(seconds.values()) / after if after else 1.0


def average_of_factors(seconds, factors):
    total = sum(seconds.values())
    return sum(each / total * factors.get(name, 1.0) for name, each in seconds.items())


def total_times(ranges):
    totals = {}
    for name, start, end in ranges:
        totals[name] = totals.get(name, 0.0) + end - start
    return totals


def subtracts_grandchildren(ranges):
    totals = {}
    for name, start, end in ranges:
        inner = sum(
            e - s for _, s, e in ranges if start <= s and e <= end and (s, e) != (start, end)
        )
        totals[name] = totals.get(name, 0.0) + end - start - inner
    return totals


def trusts_the_order(ranges):
    totals, stack = {}, []
    for name, start, end in ranges:
        while stack and stack[-1][1] <= start:
            stack.pop()
        totals[name] = totals.get(name, 0.0) + end - start
        if stack:
            totals[stack[-1][0]] -= end - start
        stack.append((name, end))
    return totals


def same_crop_for_all(X, tops, lefts, size):
    return X[:, :, tops[0] : tops[0] + size, lefts[0] : lefts[0] + size]


def rows_for_columns(X, tops, lefts, size):
    crops = [
        image[:, left : left + size, top : top + size]
        for image, top, left in zip(X, tops.tolist(), lefts.tolist(), strict=True)
    ]
    return torch.stack(crops) if len({crop.shape for crop in crops}) == 1 else X


def channels_last(X, tops, lefts, size):
    steps = torch.arange(size)
    rows = (tops[:, None] + steps)[:, :, None]
    columns = (lefts[:, None] + steps)[:, None, :]
    return X[torch.arange(len(X))[:, None, None], :, rows, columns]


WRONG = {
    "8.6-1": [multiplies_all, forgets_the_rest, average_of_factors],
    "8.6-2": [total_times, subtracts_grandchildren, trusts_the_order],
    "8.6-3": [same_crop_for_all, rows_for_columns, channels_last],
}
