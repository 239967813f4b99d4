"""Two ways of doing the same thing, timed in turn."""

import time
from collections.abc import Callable
from dataclasses import dataclass

Task = Callable[[], object]


@dataclass(frozen=True)
class Comparison:
    """Times of the package's way and of the reference, measured in one run.

    Attributes
    ----------
    name
        What was done.
    ours, reference
        Seconds, as a rule the least of all rounds: other work on the machine only adds time.
    goal
        The ratio aimed at.
    faster
        Whether the ratio is how many times faster ours is (reference / ours, at least `goal`)
        or how much it costs on top (ours / reference, at most `goal`).
    """

    name: str
    ours: float
    reference: float
    goal: float
    faster: bool

    @property
    def ratio(self) -> float:
        """How many times faster, or how much dearer, ours is."""
        return self.reference / self.ours if self.faster else self.ours / self.reference

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.ratio >= self.goal if self.faster else self.ratio <= self.goal

    def row(self) -> str:
        """Return a row of the table in README.md."""
        goal = f"{'≥' if self.faster else '≤'} {self.goal:g}"
        met = "yes" if self.met else "no"
        times = f"{self.ours:.3f} s | {self.reference:.3f} s"
        return f"| {self.name} | {times} | {self.ratio:.2f} | {goal} | {met} |"


HEADER = """\
| measured | package | reference | ratio | goal | met |
|---|---|---|---|---|---|"""


def compare(
    name: str,
    ours: Task,
    reference: Task,
    *,
    goal: float,
    faster: bool,
    rounds: int,
    summary: Callable[[list[float]], float] = min,
) -> Comparison:
    """Time both tasks alternately, after one round that does not count.

    Parameters
    ----------
    name
        What is done.
    ours, reference
        The two tasks.
    goal, faster
        See :class:`Comparison`.
    rounds
        How often each is timed.
    summary
        What is compared of the times: the best as a rule, or the median.
    """
    times: dict[Task, list[float]] = {ours: [], reference: []}
    for _ in range(rounds + 1):
        for task in (ours, reference):
            start = time.perf_counter()
            task()
            times[task].append(time.perf_counter() - start)
    seconds = {task: summary(each[1:]) for task, each in times.items()}
    return Comparison(name, seconds[ours], seconds[reference], goal, faster)
