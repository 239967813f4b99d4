"""Wrong answers to the exercises of section 1.1, which the check must refuse."""


def tie_counts(x):
    return int(x.sum() >= len(x) / 2)


def any_vote(x):
    return int(x.sum() > 0)


def everyone(x):
    return int(x.sum() == len(x))


def half_is_rounded_down(x):
    return int(x.sum() > len(x) // 2 + 1)


def plain_mean(values, k):
    return values.mean().item()


def without_sorting(values, k):
    return values[k : len(values) - k].mean().item()


def empty_for_zero(values, k):
    return values.sort().values[k:-k].mean().item()


def only_the_largest(values, k):
    return values.sort().values[: len(values) - k].mean().item()


def middle_value(values, k):
    return values.median().item()


WRONG = {
    "1.1-1": [tie_counts, any_vote, everyone, half_is_rounded_down],
    "1.1-2": [plain_mean, without_sorting, empty_for_zero, only_the_largest, middle_value],
}
