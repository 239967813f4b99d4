"""The fast checks: everything of the writing contract that a program can see without running.

A rule is a function registered under a name (:mod:`tools.check.registry`); a rule that sees
one notebook gets it with the :class:`~tools.check.model.Project`, one that sees the whole
repository gets the project alone. Every rule has a test that feeds it something bad.
"""
