"""Exercises of chapter 3, one module a section."""
