"""Gradient descent in numpy: objectives, optimizers, schedules, runs and verdicts. A leaf: it knows no card and no screen."""
