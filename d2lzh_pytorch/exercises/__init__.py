"""Exercises that check themselves: ``d2l.check``, ``d2l.hint`` and ``d2l.solution``.

The exercises of section 3.6 live in ``ch03/sec06.py``. A section's module is imported when one
of its exercises is asked for. What they say to the reader is Chinese, like the notebooks.
"""

from d2lzh_pytorch.exercises.checking import check, hint, solution

__all__ = ["check", "hint", "solution"]
