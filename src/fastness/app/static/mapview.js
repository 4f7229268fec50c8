// The map of a run: the report's map, with layers to choose from and places to click.
export default {
  template: `
    <figure class="map-figure">
      <div class="tools">
        <div class="views" role="group" aria-label="Window of the map" ref="buttons"></div>
        <div class="views" role="group" aria-label="Colour of the places" v-if="layers.length > 1">
          <button v-for="(each, i) in layers" type="button" :aria-pressed="String(i === layer)" @click="choose(i)">{{ each.name }}</button>
        </div>
        <p class="legend" v-if="layers.length">
          <span>{{ layers[layer].ends[0] }}</span>
          <span class="ramp" :style="{ background: ramp }" aria-hidden="true"></span>
          <span>{{ layers[layer].ends[1] }}</span>
        </p>
      </div>
      <div id="map" class="plot" ref="map" role="img" :aria-label="says"></div>
      <div class="slider">
        <button type="button" id="play" ref="play" aria-pressed="false"><span aria-hidden="true">▶</span> Play</button>
        <input type="range" id="day-slider" ref="slider" min="0" :max="days - 1" step="1" aria-label="Day shown on the map">
        <output id="day-label" for="day-slider" ref="label"></output>
      </div>
      <figcaption>
        <span v-if="alone">Who holds what in this campaign.</span>
        <span v-else>Colour: {{ layers.length ? layers[layer].name.toLowerCase() : "" }}, on the day shown.</span>
        <span> Routes by civil traffic in all campaigns: <span class="line solid"></span> open, <span class="line dashed"></span> open in 20–80 %,
        <span class="line dotted"></span> closed; thick: road, thin: track.</span>
        <span class="line front"></span> front: the places at its ends are held by different sides{{ alone ? "" : " in most campaigns" }}.
        <span class="saves" v-if="ready">
          <button type="button" @click="save('svg')" aria-label="Save the map as SVG">SVG</button>
          <button type="button" @click="save('png')" aria-label="Save the map as PNG">PNG</button>
        </span>
      </figcaption>
    </figure>`,
  props: { source: String, day: Number, days: Number, says: String, follows: String },
  data: () => ({ layers: [], layer: 0, alone: false, ready: false }),
  computed: {
    ramp() {
      const stops = this.layers[this.layer].scale.map(([at, colour]) => `${colour} ${100 * at}%`);
      return `linear-gradient(to right, ${stops.join(", ")})`;
    },
  },
  async mounted() {
    const answer = await fetch(this.source);
    if (!answer.ok) return;
    const { map, template } = await answer.json();
    this.layers = Object.freeze(map.layers);
    this.alone = Boolean(map.alone);
    const nodes = Object.fromEntries(["map", "slider", "label", "play", "buttons"].map((name) => [name, this.$refs[name]]));
    nodes.slider.value = this.day;
    this.drawn = Object.freeze(fastnessMap(map, template, nodes, {
      day: (day) => this.follow(day),
      place: (index) => this.$emit("place", map.ids[index]),
    }));
    await this.drawn.draw();
    this.ready = true;
    this.sized = new ResizeObserver(() => {
      if (this.$refs.map?.clientWidth && this.$refs.map.clientWidth !== this.$refs.map._fullLayout.width) this.drawn.showView();
    });
    this.sized.observe(this.$el);
    this.$el.dataset.ready = "true";
  },
  unmounted() {
    this.sized?.disconnect();
    this.drawn?.stop();
  },
  methods: {
    choose(index) {
      this.layer = index;
      this.drawn.showLayer(index);
    },
    follow(day) {
      if (!this.follows) return;
      let last = null;
      for (const entry of document.querySelectorAll(`${this.follows} [data-day]`)) {
        const past = Number(entry.dataset.day) <= day;
        entry.classList.toggle("to-come", !past);
        if (past) last = entry;
      }
      const list = document.querySelector(this.follows);
      if (last) list.scrollTop = last.offsetTop - list.offsetTop - list.clientHeight / 2;
    },
    goTo(day) {
      this.drawn.stop();
      this.drawn.showDay(day);
    },
    save(format) {
      const map = this.$refs.map;
      const { width, height } = map._fullLayout;
      const layout = { ...map.layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#f4f1ea" };
      Plotly.downloadImage({ data: map.data, layout }, { format, filename: `map-day-${this.$refs.slider.value}`, width, height, scale: format === "png" ? 3 : 1 });
    },
  },
};
