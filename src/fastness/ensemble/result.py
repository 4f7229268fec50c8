"""An ensemble: a finished (or interrupted) run folder, opened lazily as labelled tables and arrays."""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastness.ensemble.store import read_manifest
from fastness.errors import StoreError
from fastness.scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from fastness.analysis.answer import Answer


@dataclass(frozen=True)
class Ensemble:
    """Many campaigns of one scenario, on disk.

    Attributes
    ----------
    path
        The run folder.
    manifest
        Versions, hashes, seed, batches done, failures.
    """

    path: Path
    manifest: dict[str, Any]

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was run, resolved."""
        return Scenario.model_validate_json(self._file("scenario.resolved.json").read_text(encoding="utf-8"))

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """One row per campaign: status, day index on which each question first held (-1: never), clocks."""
        return self._table("outcomes.parquet")

    @cached_property
    def draws(self) -> "pd.DataFrame":
        """One row per campaign: every belief (`belief:<id>`) and parameter (`parameter:<name>`) drawn."""
        return self._table("draws.parquet")

    @cached_property
    def events(self) -> "pd.DataFrame":
        """What happened in every campaign, each event with its cause."""
        return self._table("events.parquet")

    @cached_property
    def series(self) -> "xr.Dataset":
        """Daily course of the kept campaigns, with units."""
        dataset = self._dataset("campaigns")
        return dataset.assign_coords(campaign=self._labels["campaigns"])

    @cached_property
    def summary(self) -> "xr.Dataset":
        """Over all campaigns, by day: quantiles of the series, P(held) and P(open)."""
        dataset = self._dataset("summary")
        return dataset.assign_coords(quantile=self._labels["quantile"])

    @cached_property
    def playable(self) -> bool:
        """Whether this version of fastness, here, plays the same campaigns: the kernel and the priors are the run's."""
        from fastness.kernel.cache import kernel_hash
        from fastness.posteriors import drawn_hash

        priors = drawn_hash(self.scenario.calibration)
        return bool(self.manifest["kernel"] == kernel_hash() and self.manifest.get("priors") == priors)

    def answer(self) -> "Answer":
        """Answer the scenario's questions: probabilities with both kinds of uncertainty, siege clocks, one sentence."""
        return self._answer

    @cached_property
    def _answer(self) -> "Answer":
        # by name: analysis is the layer above, which this one does not know
        answer: Answer = import_module("fastness.analysis.answer").answer(self)
        return answer

    def _file(self, name: str) -> Path:
        path = self.path / name
        if not path.exists():
            message = f"{self.path} has no {name}"
            raise StoreError(
                code="FS305",
                message=message,
                hint="the run was cut short or edited; continue it with --resume or run it again",
            )
        return path

    def _table(self, name: str) -> "pd.DataFrame":
        import cramjam
        import fastparquet

        path = self._file(name)
        try:
            with path.open("rb") as file:
                table: pd.DataFrame = fastparquet.ParquetFile(file).to_pandas()
                return table
        except (OSError, ValueError, RuntimeError, LookupError, cramjam.DecompressionError) as error:
            message = f"{path} cannot be read: {error}"
            raise StoreError(
                code="FS303", message=message, hint="the file was edited or cut short; run the scenario again"
            ) from error

    @cached_property
    def _labels(self) -> dict[str, Any]:
        import zarr

        return dict(zarr.open_group(self._file("series.zarr"), mode="r").attrs)

    def _dataset(self, group: str) -> "xr.Dataset":
        import numpy as np
        import xarray as xr

        dataset = xr.open_zarr(self._file("series.zarr"), group=group, consolidated=False, chunks=None)
        days = dataset.sizes["day"]
        dates = np.datetime64(self._labels["start"], "ns") + np.arange(days) * np.timedelta64(1, "D")
        labels = {name: self._labels[name] for name in ("side", "place", "route") if name in dataset.dims}
        labelled: xr.Dataset = dataset.assign_coords(day=np.arange(days), date=("day", dates), **labels)
        return labelled


def open_run(path: str | Path) -> Ensemble:
    """Open a run folder.

    Raises
    ------
    StoreError
        FS302 to FS304 if it is not a run folder that this version reads; FS305 when something in it is missing.
    """
    folder = Path(path)
    return Ensemble(folder, read_manifest(folder))
