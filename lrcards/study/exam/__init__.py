"""Plans toward the day of an exam, and mock tests on the way there."""
