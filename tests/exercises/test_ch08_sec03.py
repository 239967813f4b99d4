"""Plausible wrong answers to the exercises of section 8.3."""


def divides_evenly(seconds, num_workers):
    return sum(seconds) / num_workers


def deals_in_turn(seconds, num_workers):
    return max(sum(seconds[i::num_workers]) for i in range(num_workers))


def longest_first(seconds, num_workers):
    free = [0.0] * num_workers
    for each in sorted(seconds, reverse=True):
        free[free.index(min(free))] += each
    return max(free)


def last_task_ends_last(seconds, num_workers):
    free, end = [0.0] * num_workers, 0.0
    for each in seconds:
        earliest = free.index(min(free))
        free[earliest] += each
        end = free[earliest]
    return end


def copies_as_far_as_it_likes(copy, compute, num_buffers):
    copied = computed = 0.0
    for copying, computing in zip(copy, compute, strict=True):
        copied += copying
        computed = max(copied, computed) + computing
    return computed


def one_buffer_too_many(copy, compute, num_buffers):
    copied, computed = 0.0, [0.0]
    for index, (copying, computing) in enumerate(zip(copy, compute, strict=True)):
        copied = max(copied, computed[max(0, index - num_buffers)]) + copying
        computed.append(max(copied, computed[-1]) + computing)
    return computed[-1]


def one_stream(copy, compute, num_buffers):
    return sum(copy) + sum(compute)


def formula_for_equal_batches(copy, compute, num_buffers):
    a, b = copy[0], compute[0]
    return min(a, b) + len(copy) * max(a, b) if num_buffers > 1 else len(copy) * (a + b)


WRONG = {
    "8.3-1": [divides_evenly, deals_in_turn, longest_first, last_task_ends_last],
    "8.3-2": [
        copies_as_far_as_it_likes,
        one_buffer_too_many,
        one_stream,
        formula_for_equal_batches,
    ],
}
