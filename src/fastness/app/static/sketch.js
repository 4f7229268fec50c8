// The map of a scenario that is edited: places, routes and forces to click.
const CONFIG = { displaylogo: false, displayModeBar: false, showSendToCloud: false, plotlyServerURL: "" };
const KINDS = ["places", "routes", "forces"];

export default {
  template: `
    <figure class="map-figure">
      <div class="tools">
        <div class="views" role="group" aria-label="Window of the map">
          <button v-for="(each, i) in views" type="button" :aria-pressed="String(i === view)" @click="choose(i)">{{ each.name }}</button>
          <button type="button" aria-label="Zoom in" @click="zoom(0.7)">+</button>
          <button type="button" aria-label="Zoom out" @click="zoom(1 / 0.7)">−</button>
        </div>
      </div>
      <div id="map" class="plot" ref="map" role="img" :aria-label="says"></div>
      <figcaption>Click a place (dot), a route (square on its line) or a force (diamond). Colour: who holds it. Dashed: roadblock.</figcaption>
    </figure>`,
  props: { source: String, says: String, version: Number, chosen: String },
  emits: ["pick"],
  data: () => ({ views: [], view: 0 }),
  async mounted() {
    await this.fetch();
    this.sized = new ResizeObserver(() => this.fit());
    this.sized.observe(this.$el);
  },
  unmounted() {
    this.sized?.disconnect();
  },
  methods: {
    async fetch() {
      const answer = await fetch(this.source);
      if (!answer.ok) return;
      this.map = Object.freeze(await answer.json());
      this.views = Object.freeze(this.map.views);
      this.view = Math.min(this.view, this.views.length - 1);
      await this.draw();
      this.$el.dataset.ready = "true";
    },
    trace(meta) {
      return this.$refs.map.data.findIndex((each) => each.meta === meta);
    },
    async draw() {
      const node = this.$refs.map;
      if (!node?.clientWidth) return;
      const { data, layout } = JSON.parse(JSON.stringify(this.map.figure)); // plotly writes into what it is given
      const width = node.clientWidth;
      const dragmode = matchMedia("(pointer: coarse)").matches ? false : "pan";
      const fresh = !node.data;
      await Plotly.react(node, data, { ...layout, width, height: Math.round(width * this.map.aspect), dragmode }, CONFIG);
      if (fresh) {
        node.on("plotly_click", ({ points }) => {
          const point = points.find((each) => KINDS.includes(each.data.meta));
          if (point) this.$emit("pick", [point.data.meta, point.customdata]);
        });
        node.on("plotly_relayout", () => { this.spread(); this.dress(); });
      }
      await this.show();
    },
    async show() {
      const node = this.$refs.map;
      const view = this.views[this.view];
      const fitting = view.labels.filter((each) => each.width <= node.clientWidth);
      const { positions } = fitting.length ? fitting[fitting.length - 1] : view.labels[0];
      const text = this.map.names.map((name, i) => (positions[i] ? name : " "));
      const textposition = positions.map((each) => each || "middle right");
      const window = { "xaxis.range": [...view.x], "yaxis.range": [...view.y] };
      await Plotly.update(node, { text: [text], textposition: [textposition] }, window, [this.trace("places")]);
      this.spread();
      this.mark();
      this.dress();
    },
    spread() {
      // the mark of forces stands beside its place, on the side away from the name, at any scale
      const node = this.$refs.map;
      const { xaxis, yaxis } = node._fullLayout;
      const places = node.data[this.trace("places")];
      const x = [], y = [];
      for (const place of this.map.standing) {
        const says = places.textposition[place] ?? "";
        const [across, down] = /left/.test(says) ? [1, 0] : /right/.test(says) ? [-1, 0] : /top/.test(says) ? [0, 1] : [0, -1];
        const [lon, lat] = this.map.at[place];
        x.push(lon + (across * 14) / Math.abs(xaxis._m));
        y.push(lat - (down * 14) / Math.abs(yaxis._m));
      }
      Plotly.restyle(node, { x: [x], y: [y] }, [this.trace("forces")]).then(() => this.dress());
    },
    mark() {
      const [kind, id] = (this.chosen ?? "").split("/");
      const node = this.$refs.map;
      for (const meta of KINDS) {
        const index = this.trace(meta);
        const ids = node.data[index].customdata;
        const width = ids.map((each) => (meta === kind && each === id ? 4 : meta === "places" ? 1.2 : 1));
        Plotly.restyle(node, { "marker.line.width": [width] }, [index]).then(() => this.dress());
      }
    },
    dress() {
      for (const group of this.$refs.map.querySelectorAll(".scatterlayer > .trace")) {
        const { meta } = group.__data__[0].trace;
        group.classList.toggle("route", / line/.test(meta));
        group.classList.toggle("outline", meta === "outline" || meta === "water");
        group.classList.toggle("place", meta === "places");
        group.classList.toggle("pickable", KINDS.includes(meta));
      }
    },
    fit() {
      const node = this.$refs.map;
      if (!node?.clientWidth || !node._fullLayout || node.clientWidth === node._fullLayout.width) return;
      const width = node.clientWidth;
      Plotly.relayout(node, { width, height: Math.round(width * this.map.aspect) }).then(() => this.show());
    },
    choose(index) {
      this.view = index;
      this.show();
    },
    zoom(factor) {
      const { xaxis, yaxis } = this.$refs.map._fullLayout;
      const scaled = ([low, high]) => [low, high].map((end) => (low + high) / 2 + (end - (low + high) / 2) * factor);
      Plotly.relayout(this.$refs.map, { "xaxis.range": scaled(xaxis.range), "yaxis.range": scaled(yaxis.range) });
    },
  },
  watch: {
    version() {
      this.fetch();
    },
    chosen() {
      if (this.$refs.map?.data) this.mark();
    },
  },
};
