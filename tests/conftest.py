"""What holds for every test."""

from hypothesis import settings

# A busy machine is no failure: speed is measured in tests/bench.
settings.register_profile("lrcards", deadline=None)
settings.load_profile("lrcards")
