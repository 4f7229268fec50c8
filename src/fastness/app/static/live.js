// A figure that changes while it is looked at.
const CONFIG = { displaylogo: false, displayModeBar: false, showSendToCloud: false, plotlyServerURL: "" };

export default {
  template: `<div class="plot chart" ref="plot" role="img" :aria-label="says"></div>`,
  props: { says: String, figure: Object },
  mounted() {
    this.draw();
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.$el);
  },
  unmounted() {
    this.sized.disconnect();
  },
  methods: {
    draw() {
      const plot = this.$refs.plot;
      if (!this.figure || !plot?.clientWidth) return;
      const { data, layout } = JSON.parse(JSON.stringify(this.figure)); // plotly writes into what it is given
      Plotly.react(plot, data, { ...layout, width: plot.clientWidth }, CONFIG);
    },
  },
  watch: {
    figure() {
      this.draw();
    },
  },
};
