// A figure: fetched when it comes into view, drawn by plotly.js, saved as it is on paper.
const CONFIG = { displaylogo: false, displayModeBar: false, showSendToCloud: false, plotlyServerURL: "" };

export default {
  template: `
    <figure class="card">
      <h3>{{ title }}</h3>
      <div class="plot chart" ref="plot" role="img" :aria-label="says"></div>
      <figcaption>{{ says }}</figcaption>
      <p class="saves" v-if="ready">
        <button type="button" @click="save('svg')" :aria-label="'Save ' + title + ' as SVG'">SVG</button>
        <button type="button" @click="save('png')" :aria-label="'Save ' + title + ' as PNG'">PNG</button>
      </p>
      <p class="muted" v-if="failed" role="status">This figure could not be drawn.</p>
    </figure>`,
  props: { source: String, title: String, says: String },
  data: () => ({ ready: false, failed: false }),
  mounted() {
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen.disconnect();
      this.draw();
    }, { rootMargin: "600px" });
    this.seen.observe(this.$el);
    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(this.$el);
  },
  unmounted() {
    this.seen.disconnect();
    this.sized.disconnect();
  },
  methods: {
    async draw() {
      const answer = await fetch(this.source);
      if (!answer.ok) return (this.failed = true);
      this.figure = Object.freeze(await answer.json());
      const { data, layout, template } = this.figure;
      const width = this.$refs.plot.clientWidth;
      await Plotly.newPlot(this.$refs.plot, data, { ...layout, template, width }, CONFIG);
      fastnessScalable(this.$refs.plot);
      this.ready = true;
    },
    resize() {
      const plot = this.$refs.plot;
      if (!this.ready || !plot || !plot.clientWidth || plot.clientWidth === plot._fullLayout.width) return;
      Plotly.relayout(plot, { width: plot.clientWidth }).then(() => fastnessScalable(plot));
    },
    save(format) {
      const { data, layout, template } = this.figure;
      const paper = { ...layout, template, paper_bgcolor: "#ffffff", width: 640, height: 320, title: { text: "" } };
      const filename = this.source.split("/").pop();
      Plotly.downloadImage({ data, layout: paper }, { format, filename, width: 640, height: 320, scale: format === "png" ? 3 : 1 });
    },
  },
};
