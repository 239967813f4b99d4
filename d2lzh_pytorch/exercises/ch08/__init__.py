"""Exercises of chapter 8, one module a section."""
