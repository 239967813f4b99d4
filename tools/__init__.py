"""Maintainers' programs: check, run and index the notebooks."""
