"""Exams: what joins plans and mock tests (``study.exam``) with the collection, and their commands."""
