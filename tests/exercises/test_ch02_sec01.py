"""Wrong answers to the exercise of section 2.1."""

import pytest


def as_strings(found, needed):
    return found >= needed


def as_decimals(found, needed):
    return float(".".join(found.split(".")[:2])) >= float(".".join(needed.split(".")[:2]))


def first_part_only(found, needed):
    return int(found.split(".")[0]) >= int(needed.split(".")[0])


def strictly_newer(found, needed):
    return [int(part) for part in found.split(".")] > [int(part) for part in needed.split(".")]


def lists_of_unequal_length(found, needed):
    return [int(part) for part in found.split(".")] >= [int(part) for part in needed.split(".")]


WRONG = {
    "2.1-1": [
        as_strings,
        as_decimals,
        first_part_only,
        strictly_newer,
        lists_of_unequal_length,
    ]
}


@pytest.mark.parametrize(
    ("found", "needed", "expected"),
    [("580.9", "580.10", False), ("580.10", "580.9", True), ("7", "7.0.1", False)],
)
def test_reference(found, needed, expected):
    from d2lzh_pytorch.exercises.ch02.sec01 import driver_is_new_enough

    assert driver_is_new_enough(found, needed) is expected
