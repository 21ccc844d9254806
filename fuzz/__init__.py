"""Fuzzing of what reads files."""
