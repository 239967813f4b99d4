"""Tests of what the notebooks define; a package, as tests/exercises has files of the same names."""
