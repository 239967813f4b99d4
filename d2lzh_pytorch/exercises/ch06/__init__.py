"""Exercises of chapter 6, one module a section."""
