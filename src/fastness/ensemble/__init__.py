"""Many campaigns: play them, keep them in a run folder, open and replay them."""

from fastness.ensemble.replay import Campaign, replay
from fastness.ensemble.result import Ensemble, open_run
from fastness.ensemble.run import Progress, resume, simulate

__all__ = ["Campaign", "Ensemble", "Progress", "open_run", "replay", "resume", "simulate"]
