// A table to edit: cells are inputs; rows copied in a spreadsheet are pasted where the pointer is.
export default {
  template: `
    <div class="wide grid-frame" tabindex="0" role="region" :aria-label="'Table: ' + name">
      <table class="grid">
        <thead><tr>
          <th v-for="column in columns" scope="col" :title="column.says">{{ column.name }}<span class="unit" v-if="column.unit"> [{{ column.unit }}]</span></th>
          <th v-if="editable" scope="col"><span class="vh">Remove</span></th>
        </tr></thead>
        <tbody>
          <tr v-for="(row, i) in rows" :key="row[0] + '/' + i" :id="'row-' + row[0]">
            <component :is="j ? 'td' : 'th'" v-for="(column, j) in columns" :scope="j ? null : 'row'" :key="column.name">
              <span v-if="!j || !editable" class="cell">{{ row[j] }}</span>
              <select v-else-if="column.options" :value="row[j]" :aria-label="column.name + ' of ' + row[0]" :aria-invalid="fault(row[0], column.name) ? 'true' : null" :title="fault(row[0], column.name)" @change="put(row, column, $event)">
                <option v-for="each in choices(column, row[j])" :value="each">{{ each }}</option>
              </select>
              <input v-else :value="drafts[row[0] + '/' + column.name] ?? row[j]" :size="column.wide ? 40 : 9" autocomplete="off" :data-cell="row[0] + '/' + column.name" :aria-label="column.name + ' of ' + row[0]" :aria-invalid="fault(row[0], column.name) ? 'true' : null" :title="fault(row[0], column.name) || row[j]" @input="drafts[row[0] + '/' + column.name] = $event.target.value" @change="put(row, column, $event)" @paste="paste($event, i, j)" @keydown.enter="down($event, i, j)">
            </component>
            <td v-if="editable"><button type="button" class="quiet" :aria-label="'Remove ' + row[0]" @click="$emit('remove', row[0])">×</button></td>
          </tr>
        </tbody>
      </table>
    </div>`,
  props: { name: String, columns: Array, rows: Array, faults: Object, editable: Boolean },
  emits: ["cells", "remove"],
  data: () => ({ drafts: {} }), // what is typed and not yet in the rows
  watch: {
    rows() {
      const typing = document.activeElement?.dataset?.cell;
      this.drafts = typing in this.drafts ? { [typing]: this.drafts[typing] } : {};
    },
  },
  methods: {
    fault(id, column) {
      return this.faults?.[`${id}/${column}`] ?? "";
    },
    choices(column, value) {
      return [...new Set(["", ...column.options, value])];
    },
    put(row, column, event) {
      this.$emit("cells", [[row[0], column.name, event.target.value]]);
    },
    paste(event, i, j) {
      const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
      if (!/[\t\n]/.test(text)) return;
      event.preventDefault();
      const cells = [];
      text.split(/\r?\n/).forEach((line, down) =>
        line.split("\t").forEach((words, right) => {
          const [row, column] = [this.rows[i + down], this.columns[j + right]];
          if (row && column) cells.push([row[0], column.name, words.trim()]);
        }));
      this.$emit("cells", cells);
    },
    down(event, i, j) {
      const next = event.target.closest("tbody").rows[i + 1]?.cells[j]?.querySelector("input, select");
      if (next) next.focus();
      else event.target.blur();
    },
  },
};
