// Draws the figures of the report and moves the map through the days. No request is ever made.
"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { template, map, charts } = read("figures");
  const config = {
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { format: "svg" },
  };
  const mapConfig = { ...config, displayModeBar: false };
  const coarse = matchMedia("(pointer: coarse)").matches;

  // A view box lets the stylesheet shrink a drawn figure to the paper's width when the page is printed.
  const scalable = (node) => {
    const { width, height } = node._fullLayout;
    node.style.setProperty("--w", width);
    node.style.setProperty("--h", height);
    node.querySelectorAll(".main-svg").forEach((svg) => svg.setAttribute("viewBox", `0 0 ${width} ${height}`));
  };

  const drawChart = (id) => {
    const node = document.getElementById(id);
    const { data, layout } = charts[id];
    const sized = { ...layout, template, width: node.clientWidth };
    return Plotly.newPlot(node, data, sized, config).then(() => scalable(node));
  };

  const mapNode = document.getElementById("map");
  const slider = document.getElementById("day-slider");
  const label = document.getElementById("day-label");
  const play = document.getElementById("play");
  let view = map.views[0];

  const trace = (meta) => map.figure.data.findIndex((t) => t.meta === meta);
  const places = trace("places");
  const middles = trace("routes");
  const lines = [...new Set(map.routes.map((r) => r.kind))].flatMap((kind) =>
    map.openness.map((name, state) => ({ kind, state, index: trace(`${kind} ${name}`) })));

  const routeLine = (day, kind, state, axis) =>
    map.routes.flatMap((r, i) =>
      r.kind === kind && map.state[day][i] === state ? [r.ends[0][axis], r.ends[1][axis], null] : []);

  const placeTexts = (day) =>
    map.headings.map((heading, i) =>
      [heading, ...map.sides.map((side, k) => `held by ${side}: ${map.held[day][i][k]} % of campaigns`)].join("<br>"));

  const showDay = (day) => {
    label.textContent = map.dates[day];
    slider.value = day;
    slider.setAttribute("aria-valuetext", map.dates[day]);
    const colours = map.held[day].map((shares) => shares[map.defender]);
    Plotly.restyle(mapNode, { "marker.color": [colours], hovertext: [placeTexts(day)] }, [places]);
    Plotly.restyle(mapNode, { customdata: [map.open[day]] }, [middles]);
    Plotly.restyle(
      mapNode,
      {
        x: lines.map((l) => routeLine(day, l.kind, l.state, 0)),
        y: lines.map((l) => routeLine(day, l.kind, l.state, 1)),
      },
      lines.map((l) => l.index),
    );
    dress();
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
    scalable(mapNode);
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
    document.getElementById("map-views").append(button);
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

  const drawMap = () => {
    const width = mapNode.clientWidth;
    const { data, layout } = map.figure;
    const sized = { ...layout, template, width, height: Math.round(width * map.aspect), dragmode: coarse ? false : "pan" };
    return Plotly.newPlot(mapNode, data, sized, mapConfig).then(() => {
      showView();
      showDay(Number(slider.value));
      mapNode.on("plotly_relayout", dress);
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

  // The rest is drawn when the first screen is there, one figure at a time, so that the page answers at once.
  const drawRest = async () => {
    for (const id of Object.keys(charts)) {
      await drawChart(id);
      await new Promise((done) => setTimeout(done));
    }
    document.documentElement.dataset.ready = "true";
  };

  let resizing = null;
  addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => {
      showView();
      for (const id of Object.keys(charts)) {
        const node = document.getElementById(id);
        Plotly.relayout(node, { width: node.clientWidth }).then(() => scalable(node));
      }
    }, 150);
  });

  addButtons();
  drawMap().then(drawRest);
})();
