"""Refusing arguments that make no sense."""

from numbers import Integral


def is_positive_int(value: object) -> bool:
    """Tell whether `value` is an integer of at least 1, NumPy's too; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) > 0


def require_positive_ints(**values: object) -> None:
    """Raise ValueError, which names the argument, if one of the values is no positive integer."""
    for name, value in values.items():
        if not is_positive_int(value):
            raise ValueError(f"{name} must be a positive integer, not {value!r}.")
