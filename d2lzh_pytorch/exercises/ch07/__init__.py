"""Exercises of chapter 7, one module a section."""
