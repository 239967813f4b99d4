"""Exercises of chapter 9, one module a section."""
