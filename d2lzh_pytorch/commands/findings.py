"""What one check of ``doctor`` found, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
WARNING = "warning"
PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """Outcome of one check.

    Attributes
    ----------
    level
        ``OK``, ``WARNING`` (the course works, but less well) or ``PROBLEM``.
    subject
        One or two words: what was looked at.
    text
        One line: what was found.
    repair
        What to do about it; empty where all is well.
    """

    level: str
    subject: str
    text: str
    repair: str = ""

    def __post_init__(self) -> None:
        if self.level != OK and not self.repair:
            raise ValueError(f"the {self.level} {self.text!r} does not say how to repair it")


def ok(subject: str, text: str) -> Finding:
    """Return the finding that all is well."""
    return Finding(OK, subject, text)


def warning(subject: str, text: str, repair: str) -> Finding:
    """Return a finding that does not keep the course from working."""
    return Finding(WARNING, subject, text, repair)


def problem(subject: str, text: str, repair: str) -> Finding:
    """Return a finding that has to be repaired."""
    return Finding(PROBLEM, subject, text, repair)


def render(finding: Finding) -> str:
    """Return the finding as one line, and one more for each line of the repair."""
    lines = [f"{finding.level:<8} {finding.subject:<12} {finding.text}"]
    lines += [f"{'':<8} {'':<12} -> {line}" for line in finding.repair.splitlines()]
    return "\n".join(lines)


def summary(findings: list[Finding]) -> str:
    """Return the closing line, e.g. ``1 problem, 2 warnings.``."""
    counts = {level: sum(f.level == level for f in findings) for level in (PROBLEM, WARNING)}
    parts = [f"{n} {level}{'' if n == 1 else 's'}" for level, n in counts.items() if n]
    return (", ".join(parts) or "Everything is in order") + "."
