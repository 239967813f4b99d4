"""Exercises of chapter 10, one module a section."""
