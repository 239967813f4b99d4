"""Exercises of chapter 2, one module a section."""
