"""lrcards: spaced repetition in the terminal, with a live gradient-descent experiment behind every card."""

__version__ = "0.1.0"
