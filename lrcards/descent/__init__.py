"""Gradient descent in numpy alone: objectives, optimizers, schedules, runs, verdicts. Knows no card."""
