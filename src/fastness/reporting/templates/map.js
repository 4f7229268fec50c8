// The map of the report and of the workbench: any day of it, its windows, its layers. No request is ever made.
"use strict";
const fastnessScalable = (node) => {
  // A view box lets the stylesheet shrink a drawn figure to the paper's width when the page is printed.
  const { width, height } = node._fullLayout;
  node.style.setProperty("--w", width);
  node.style.setProperty("--h", height);
  node.querySelectorAll(".main-svg").forEach((svg) => svg.setAttribute("viewBox", `0 0 ${width} ${height}`));
};

// `nodes`: map, slider, label, play, buttons (where those of the windows go). `heard`: day(index), place(index), both
// optional. A document with `layers` can colour its places by other things than who holds them.
const fastnessMap = (map, template, nodes, heard = {}) => {
  const config = { displaylogo: false, showSendToCloud: false, plotlyServerURL: "", displayModeBar: false };
  const coarse = matchMedia("(pointer: coarse)").matches;
  const { slider, label, play } = nodes;
  const mapNode = nodes.map;
  let view = map.views[0];
  let layer = null;

  const trace = (meta) => map.figure.data.findIndex((t) => t.meta === meta);
  const places = trace("places");
  const middles = trace("routes");
  const front = trace("front");
  const lines = [...new Set(map.routes.map((r) => r.kind))].flatMap((kind) =>
    map.openness.map((name, state) => ({ kind, state, index: trace(`${kind} ${name}`) })));

  const drawn = (chosen, axis) =>
    map.routes.flatMap((r, i) => (chosen(r, i) ? [r.ends[0][axis], r.ends[1][axis], null] : []));

  const routeLine = (day, kind, state, axis) => drawn((r, i) => r.kind === kind && map.state[day][i] === state, axis);

  const placeTexts = (day) =>
    map.headings.map((heading, i) =>
      [
        heading,
        ...map.sides.map((side, k) => `held by ${side}: ${map.held[day][i][k]} % of campaigns`),
        ...(map.layers ?? []).filter((l) => l.texts).map((l) => l.texts[day][i]),
      ].join("<br>"));

  const showDay = (day) => {
    label.textContent = map.dates[day];
    slider.value = day;
    slider.setAttribute("aria-valuetext", map.dates[day]);
    const colours = layer?.values ? layer.values[day] : map.held[day].map((shares) => shares[map.defender]);
    Plotly.restyle(mapNode, { "marker.color": [colours], hovertext: [placeTexts(day)] }, [places]);
    Plotly.restyle(mapNode, { customdata: [map.open[day]] }, [middles]);
    const moving = front < 0 ? lines : [{ index: front }, ...lines];
    const line = (l, axis) =>
      l.index === front ? drawn((r, i) => map.front[day].includes(i), axis) : routeLine(day, l.kind, l.state, axis);
    Plotly.restyle(
      mapNode,
      { x: moving.map((l) => line(l, 0)), y: moving.map((l) => line(l, 1)) },
      moving.map((l) => l.index),
    );
    dress();
    heard.day?.(day);
  };

  const showLayer = (index) => {
    layer = map.layers[index];
    Plotly.restyle(
      mapNode,
      { "marker.colorscale": [layer.scale], "marker.cmin": layer.low, "marker.cmax": layer.high },
      [places],
    );
    showDay(Number(slider.value));
  };

  // Marks what the stylesheet colours: plotly gives the groups of its traces no names.
  const dress = () => {
    for (const group of mapNode.querySelectorAll(".scatterlayer > .trace")) {
      const { meta } = group.__data__[0].trace;
      group.classList.toggle("route", / /.test(meta));
      group.classList.toggle("outline", meta === "outline" || meta === "water");
      group.classList.toggle("place", meta === "places");
    }
  };

  const labelsFor = (width) => {
    const fitting = view.labels.filter((l) => l.width <= width);
    return (fitting.length ? fitting[fitting.length - 1] : view.labels[0]).positions;
  };

  const showView = () => {
    const width = mapNode.clientWidth;
    const positions = labelsFor(width);
    const names = map.names.map((name, i) => (positions[i] ? name : " ")); // plotly loses labels that were empty
    Plotly.update(
      mapNode,
      { text: [names], textposition: [positions.map((p) => p || "middle right")] },
      { width, height: Math.round(width * map.aspect), "xaxis.range": [...view.x], "yaxis.range": [...view.y] },
      [places],
    );
    fastnessScalable(mapNode);
    dress();
  };

  const zoom = (factor) => {
    const scaled = ([low, high]) => {
      const middle = (low + high) / 2;
      return [middle - ((high - low) / 2) * factor, middle + ((high - low) / 2) * factor];
    };
    const { xaxis, yaxis } = mapNode._fullLayout;
    Plotly.relayout(mapNode, { "xaxis.range": scaled(xaxis.range), "yaxis.range": scaled(yaxis.range) });
  };

  const addButton = (id, text, name, click) => {
    const button = document.createElement("button");
    button.type = "button";
    button.id = id;
    button.textContent = text;
    if (name) button.setAttribute("aria-label", name);
    button.addEventListener("click", () => click(button));
    nodes.buttons.append(button);
    return button;
  };

  const addButtons = () => {
    const choices = map.views.map((v) =>
      addButton(`view-${v.id}`, v.name, "", (pressed) => {
        view = v;
        choices.forEach((c) => c.setAttribute("aria-pressed", String(c === pressed)));
        showView();
      }));
    choices.forEach((c, i) => c.setAttribute("aria-pressed", String(i === 0)));
    addButton("zoom-in", "+", "Zoom in", () => zoom(0.7));
    addButton("zoom-out", "−", "Zoom out", () => zoom(1 / 0.7));
  };

  const draw = () => {
    const width = mapNode.clientWidth;
    const { data, layout } = map.figure;
    const sized = { ...layout, template, width, height: Math.round(width * map.aspect), dragmode: coarse ? false : "pan" };
    addButtons();
    return Plotly.newPlot(mapNode, data, sized, config).then(() => {
      showView();
      showDay(Number(slider.value));
      mapNode.on("plotly_relayout", dress);
      mapNode.on("plotly_click", ({ points }) => {
        const [point] = points;
        if (point && point.curveNumber === places) heard.place?.(point.pointNumber);
      });
    });
  };

  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.setAttribute("aria-pressed", "false");
    play.lastChild.textContent = " Play";
  };
  const step = () => {
    const next = Number(slider.value) + 1;
    if (next > Number(slider.max)) stop();
    else showDay(next);
  };
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) showDay(0);
    play.setAttribute("aria-pressed", "true");
    play.lastChild.textContent = " Pause";
    timer = setInterval(step, 90);
  });
  slider.addEventListener("input", () => {
    if (timer) stop();
    showDay(Number(slider.value));
  });

  return { draw, showDay, showLayer, showView, stop };
};
