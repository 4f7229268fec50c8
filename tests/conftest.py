"""Settings for all tests."""

from hypothesis import settings

# the first example compiles the kernel, which no deadline allows for
settings.register_profile("fastness", deadline=None)
settings.load_profile("fastness")
