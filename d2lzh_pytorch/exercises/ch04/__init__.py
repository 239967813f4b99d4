"""Exercises of chapter 4, one module a section."""
