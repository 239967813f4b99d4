"""Exercises of chapter 1, one module a section."""
