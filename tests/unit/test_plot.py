"""The figures: shading, clipping, label placement and curves against values worked out by hand."""

import inspect
import itertools
import math
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest
import synthetic
from hypothesis import given
from hypothesis import strategies as st

from fastness import plot
from fastness.analysis.estimate import jeffreys
from fastness.plot.drawing import Drawing
from fastness.plot.labels import BOTTOM_PX, LEFT_PX, Label, crosses, label_box, overlap, place_labels
from fastness.plot.labels import SPOTS as LABEL_SPOTS
from fastness.plot.shares import cover_shares
from fastness.plot.style import BLUE, ORANGE, faded, held_scale, plain, side_colour
from fastness.plot.terrain import EXAGGERATION, LEVEL, Box, hillshade, outline, shaded
from fastness.plot.views import ASPECT, map_views, neighbourhood, stretch

SPOTS = {name: (right, up) for name, right, up in LABEL_SPOTS}


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    return synthetic.ensemble(tmp_path_factory.mktemp("run"))


def test_level_ground_has_the_sine_of_the_suns_height() -> None:
    np.testing.assert_allclose(hillshade(np.full((4, 5), 1200.0), 100, 100), math.sin(math.radians(40)))


def test_a_slope_that_falls_to_the_west_is_lit_from_the_north_west() -> None:
    east = np.tile(np.arange(5) * 100 / EXAGGERATION, (4, 1))  # exaggerated to a slope of one
    lit = (math.sin(math.radians(45)) * math.cos(math.radians(40)) + math.sin(math.radians(40))) / math.sqrt(2)
    np.testing.assert_allclose(hillshade(east, 100, 100), lit)  # 0.8376
    shadow = (-math.sin(math.radians(45)) * math.cos(math.radians(40)) + math.sin(math.radians(40))) / math.sqrt(2)
    np.testing.assert_allclose(hillshade(east[:, ::-1], 100, 100), shadow)


def test_cells_without_data_are_shaded_as_level_ground() -> None:
    lon, lat = [69.0, 69.1, 69.2, 69.3], [35.0, 35.1, 35.2, 35.3]
    heights: list[list[float | None]] = [[1000.0 * i for i in range(4)] for _ in range(4)]
    heights[3] = [None] * 4
    relief = shaded({"lon": lon, "lat": lat, "elevation_m": heights}, Box(68, 70, 34, 36))
    assert set(relief.shade[-1].tolist()) == {round(100 * LEVEL)}
    assert relief.shade[0, 100] > 100 * LEVEL


def test_outlines_are_cut_to_the_window_one_point_beyond_its_edge() -> None:
    line = [[0.0, 0.5], [1.0, 0.5], [2.0, 0.5], [3.0, 0.5], [4.0, 0.5], [5.0, 0.5], [6.0, 0.5]]
    document = {"features": [{"geometry": {"type": "LineString", "coordinates": line}}]}
    assert outline(document, Box(1.5, 3.5, 0, 1), areas=False) == ([1.0, 2.0, 3.0, 4.0, None], [0.5] * 4 + [None])
    assert outline(document, Box(1.5, 3.5, 0, 1), areas=True) == ([], [])


names = st.text("abcdefgh ", min_size=1, max_size=20)
positions = st.tuples(st.floats(0, 540), st.floats(0, 460), names, st.floats(0, 9))


@given(st.lists(positions, max_size=25))
def test_labels_never_overlap_or_leave_the_map(rows: list[tuple[float, float, str, float]]) -> None:
    labels = [Label(text, x, y, 6, rank) for x, y, text, rank in rows]
    chosen = place_labels(labels, 540, 460)
    boxes = [label_box(m, *SPOTS[spot]) for m, spot in zip(labels, chosen, strict=True) if spot]
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))
    assert all(b[0] >= LEFT_PX and b[1] >= BOTTOM_PX and b[2] <= 540 and b[3] <= 460 for b in boxes)
    for i, (label, spot) in enumerate(zip(labels, chosen, strict=True)):
        for other in [] if spot is None else labels[:i] + labels[i + 1 :]:
            marker = (other.x - 6, other.y - 6, other.x + 6, other.y + 6)
            assert not overlap(label_box(label, *SPOTS[spot]), marker)


def test_where_two_names_compete_the_higher_rank_is_shown() -> None:
    low, high = Label("aaaa", 70, 25, 1, 1), Label("bbbb", 110, 25, 1, 2)  # in a frame that is one line high
    assert place_labels([low, high], 120, 40) == [None, "middle left"]
    assert place_labels([low], 120, 40) == ["middle right"]


def test_a_label_steps_aside_from_a_line() -> None:
    label = Label("name", 200, 200, 5, 1)
    assert place_labels([label], 400, 400) == ["middle right"]
    assert place_labels([label], 400, 400, [(200, 200, 400, 200)]) == ["middle left"]


@pytest.mark.parametrize(
    ("line", "through"),
    [
        ((-1, 1, 3, 1), True),
        ((-1, 3, 3, 3), False),
        ((1, 1, 1.5, 1.5), True),
        ((-1, 1, -0.5, 1), False),
        ((0.5, -1, 0.5, 5), True),
        ((3, -1, 3, 5), False),
        ((-1, 1.5, 1.5, 4), False),
    ],
)
def test_a_line_crosses_a_rectangle(line: tuple[float, float, float, float], through: bool) -> None:
    assert crosses((0, 0, 2, 2), line) is through


def test_every_view_has_the_same_shape_on_the_ground() -> None:
    made = synthetic.scenario()
    for view in map_views(made):
        height = (view.box.north - view.box.south) * stretch(made)
        assert height / (view.box.east - view.box.west) == pytest.approx(ASPECT)


def test_the_near_view_shows_the_stronghold_and_its_neighbours() -> None:
    shown = {p.id for p in neighbourhood(synthetic.scenario())}
    assert {"bazarak", "paryan", "gulbahar", "khawak", "anjuman"} <= shown
    assert not {"kabul", "hairatan", "charikar"} & shown


def test_a_map_without_a_stronghold_has_one_view() -> None:
    places = [p | {"inside": False} for p in synthetic.document()["places"]]
    assert [v.id for v in map_views(synthetic.scenario(places=places))] == ["far"]


def test_what_changes_from_day_to_day(ensemble: SimpleNamespace) -> None:
    days = plot.map_days(ensemble)
    assert days.dates[0] == date(2021, 8, 27)
    assert days.dates[-1] == date(2022, 4, 30)
    bazarak = [p.id for p in ensemble.scenario.places].index("bazarak")
    assert days.held[24, bazarak].tolist() == [50, 50]  # its half-way day
    road, track = (next(i for i, r in enumerate(ensemble.scenario.routes) if r.kind == k) for k in ("road", "track"))
    assert days.state[0, [road, track]].tolist() == [2, 2]
    assert days.open[246, [road, track]].tolist() == [90, 10]
    assert days.state[246, [road, track]].tolist() == [2, 0]


def test_the_map_of_a_day(ensemble: SimpleNamespace) -> None:
    drawn = {trace.meta: trace for trace in plot.held_map(ensemble, day=24, view="far").data}
    assert {"relief", "outline", "road open", "track closed", "routes", "places"} <= set(drawn)
    places = [p.id for p in ensemble.scenario.places]
    assert drawn["places"].marker.color[places.index("bazarak")] == 50
    assert drawn["places"].marker.color[places.index("kabul")] == 0
    assert "National Resistance Front: 50 % of campaigns" in drawn["places"].hovertext[places.index("bazarak")]
    assert len(drawn["road open"].x) == 3 * sum(route[2] == "road" for route in synthetic.ROUTES)


def test_no_map_server_is_ever_asked(ensemble: SimpleNamespace) -> None:
    drawn = plot.held_map(ensemble)
    assert {trace.type for trace in drawn.data} == {"heatmap", "scatter"}
    assert "geo" not in drawn.layout.to_plotly_json()


def test_a_map_without_layers_still_draws(ensemble: SimpleNamespace, tmp_path: Path) -> None:
    ensemble.path, there = tmp_path, ensemble.path
    drawn = plot.held_map(ensemble)
    ensemble.path = there
    assert "places" in [trace.meta for trace in drawn.data]


def test_markup_in_names_stays_text() -> None:
    assert plain("<a href='x'>&") == "&lt;a href=&#x27;x&#x27;&gt;&amp;"


def test_survival_marks_the_day_on_which_half_have_lost_the_place(ensemble: SimpleNamespace) -> None:
    assert plot.held_fifty(ensemble, "bazarak") == date(2021, 9, 21)  # day 25, the first below one half
    assert plot.held_fifty(ensemble, "kabul") is None  # the besieger's from the first day to the last
    curve = plot.survival(ensemble, "bazarak").data[0]
    assert curve.y[24] == 50
    assert "% of campaigns" in plot.survival(ensemble, "bazarak").layout.annotations[0].text


def test_the_range_of_a_few_campaigns_is_all_that_can_be_known(ensemble: SimpleNamespace) -> None:
    ranges = plot.held_ranges(ensemble, ["bazarak"], [0, 246])["bazarak"]
    assert ranges == {0: jeffreys(2, 3), 246: jeffreys(1, 3)}
    drawn = plot.survival(ensemble, "bazarak", ranges=ranges)
    assert [tuple(trace.y) for trace in drawn.data[1:3]] == [(100 * a, 100 * b) for a, b in ranges.values()]


def test_a_fan_shows_its_quantiles_and_its_unit(ensemble: SimpleNamespace) -> None:
    drawn = plot.fan(ensemble, "fighters", side="nrf")
    assert [trace.y[0] for trace in drawn.data] == pytest.approx([2400, 11400, 4500, 7800, 6000])
    assert drawn.layout.annotations[-1].text == "fighters [persons]"
    assert drawn.data[0].x0 == "2021-08-27"


def test_a_fan_leaves_gaps_where_nothing_finite_is_known(ensemble: SimpleNamespace) -> None:
    summary = ensemble.summary.copy(deep=True)
    summary["ammunition_days"][:, :3, :] = np.inf
    patched = SimpleNamespace(scenario=ensemble.scenario, summary=summary)
    bands = plot.curves.quantiles(patched, "ammunition_days", side="nrf")
    assert np.isnan(bands[:, :3]).all()
    assert np.isfinite(bands[:, 3:]).all()


def test_food_is_shown_as_shares_of_campaigns_by_days_left(ensemble: SimpleNamespace) -> None:
    shares = cover_shares(ensemble, "civil_food_days", "bazarak")
    third = pytest.approx(1 / 3)
    assert shares[:, 0].tolist() == [0, 0, 0, pytest.approx(2 / 3), third]  # 50, 40 and 365 days
    assert shares[:, 35].tolist() == [0, third, 0, third, third]  # 50, 5 and 365 days
    assert shares[:, 100].tolist() == [third, 0, 0, third, third]
    drawn = plot.cover(ensemble, "civil_food_days", "bazarak")
    assert [trace.y[35] for trace in drawn.data] == pytest.approx([0, 33.3, 0, 33.3, 33.3])


def test_colours_are_blue_and_orange_unless_the_scenario_says_otherwise() -> None:
    made = synthetic.scenario()
    assert (side_colour(made, "nrf"), side_colour(made, "taliban")) == (BLUE, ORANGE)
    sides = synthetic.document()["sides"]
    sides["nrf"]["colour"] = "#123456"
    own = synthetic.scenario(sides=sides)
    assert side_colour(own, "nrf") == "#123456"
    assert held_scale(own)[-1] == (1.0, "#123456")


def test_faded_keeps_the_colour() -> None:
    assert faded("#0a14ff", 0.25) == "rgba(10,20,255,0.25)"


def test_arrays_are_packed_as_plotly_packs_them() -> None:
    numbers = np.array([[1.5, -2.0], [np.nan, 4.0]])
    drawing = Drawing({"height": 100})
    drawing.add("heatmap", z=numbers, x=np.array([1, 2], dtype=np.int16), name=None, zmin=0)
    theirs = go.Figure(data=[{"type": "heatmap", "z": numbers, "x": np.array([1, 2], dtype=np.int16), "zmin": 0}])
    assert drawing.document()["data"] == list(theirs.to_dict()["data"])
    assert drawing.figure().to_dict()["data"] == theirs.to_dict()["data"]
    assert drawing.figure().layout.height == 100


def test_what_cannot_be_packed_is_a_list() -> None:
    drawing = Drawing()
    drawing.add("scatter", y=np.array([1, 2], dtype=np.int64), marker={"color": np.array(["a", "b"])})
    assert drawing.document()["data"] == [{"type": "scatter", "y": [1, 2], "marker": {"color": ["a", "b"]}}]


def test_a_key_that_plotly_does_not_know_is_refused_where_a_user_gets_the_figure() -> None:
    drawing = Drawing()
    drawing.add("scatter", colour="red")
    with pytest.raises(ValueError, match="colour"):
        drawing.figure()


@pytest.mark.parametrize("name", ["cover", "fan", "held_map", "indications", "survival"])
def test_what_users_get_is_named_where_they_look(name: str) -> None:
    drawn = getattr(plot, name)
    assert inspect.signature(drawn).return_annotation == "plotly.graph_objects.Figure"
    assert "plotly.graph_objects.Figure" in drawn.__doc__
    assert "Drawing" not in drawn.__doc__
