"""One file per process of the simulated day; `fastness.kernel.day` has their order."""
