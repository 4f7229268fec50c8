// Draws the figures of the report, the map first. No request is ever made.
"use strict";
(() => {
  const { template, map, charts } = JSON.parse(document.getElementById("figures").textContent);
  const config = {
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { format: "svg" },
  };

  const drawChart = (id) => {
    const node = document.getElementById(id);
    const { data, layout } = charts[id];
    const sized = { ...layout, template, width: node.clientWidth };
    return Plotly.newPlot(node, data, sized, config).then(() => fastnessScalable(node));
  };

  const { draw, showView } = fastnessMap(map, template, {
    map: document.getElementById("map"),
    slider: document.getElementById("day-slider"),
    label: document.getElementById("day-label"),
    play: document.getElementById("play"),
    buttons: document.getElementById("map-views"),
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
        Plotly.relayout(node, { width: node.clientWidth }).then(() => fastnessScalable(node));
      }
    }, 150);
  });

  draw().then(drawRest);
})();
