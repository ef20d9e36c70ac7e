// What would have been right for the chosen turn, and the example made from it.

import { get, post } from "./staff-api.js";
import { $, composing, el, fill, say, showTrouble } from "./staff-dom.js";
import { draft } from "./staff-draft.js";
import { shortcut } from "./staff-keys.js";

const NUMBERED = 9;
const FIELDS = ["act", "crisis", "district", "window"];

export class LabelPanel {
  // labelled(turn, labels, now): a label was kept. exampled(turn, id, text): an example was made.
  constructor({ labelled, exampled }) {
    this.labelled = labelled;
    this.exampled = exampled;
    this.form = $("#label");
    this.areas = JSON.parse(this.form.dataset.areas);
    this.chips = $("#chips");
    this.sentence = $("#sentence");
    this.chosen = [];
    this.offered = [];
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    this.form.addEventListener("input", () => this.touched());
    $("#example").addEventListener("submit", (event) => {
      event.preventDefault();
      this.make();
    });
    $("#more-area").addEventListener("change", (event) => {
      if (event.target.value) this.toggle(event.target.value);
      event.target.value = "";
    });
    $("#outside").addEventListener("change", () => this.draw());
    this.sentence.addEventListener("input", () => this.typed());
    this.sentence.addEventListener("keydown", (event) => {
      if (!composing(event) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.stopPropagation();
        this.make();
      }
    });
    this.keys();
  }

  keys() {
    for (let number = 1; number <= NUMBERED; number += 1) {
      shortcut(String(number), number === 1 ? "分野をえらぶ（数字）" : `${number}番の分野`, () => {
        if (this.offered[number - 1]) this.toggle(this.offered[number - 1]);
      });
    }
    shortcut("a", "ほかの分野", () => $("#more-area").focus());
    shortcut("c", "危機", () => $("#crisis").focus());
    shortcut("w", "正しい窓口", () => $("#window").focus());
    shortcut("x", "対象外にする・もどす", () => {
      $("#outside").checked = !$("#outside").checked;
      this.touched();
      this.draw();
    });
    shortcut("d", "直しを残す", () => {
      this.keep();
    });
    shortcut("e", "例文を書く", () => this.sentence.focus());
  }

  // data: {text, areas: of the model, now: the standing label or the model's own view, decided}.
  async show(id, data, number) {
    this.id = id;
    this.data = data;
    this.chosen = [...data.now.areas];
    this.offered = [...new Set([...data.now.areas, ...data.areas])].slice(0, NUMBERED);
    FIELDS.forEach((field) => {
      $(`#${field}`).value = data.now[field] || "";
    });
    $("#outside").checked = data.now.out_of_scope;
    $("#reason").value = "";
    this.clean = data.decided;
    this.drafted = draft(`example-${id}`);
    this.sentence.value = this.drafted.load() || data.text;
    $("#panel-title").textContent = `${number}番目の発言は、正しくは`;
    ["#label-done", "#example-done"].forEach((one) => {
      $(one).textContent = "";
    });
    ["#label-trouble", "#example-trouble"].forEach((one) => showTrouble($(one), null));
    fill($("#similar"), el("li", {}, "さがしています…"));
    this.draw();
    try {
      const { similar, areas } = await get(`/api/v1/staff/review/turns/${id}/similar`);
      if (this.id === id) this.showSimilar(similar, areas);
    } catch (error) {
      if (this.id === id) fill($("#similar"), el("li", {}, error.message));
    }
  }

  showSimilar(similar, areas) {
    this.offered = [...new Set([...this.offered, ...areas])].slice(0, NUMBERED);
    this.draw();
    const items = similar.map((one) => {
      const label = one.outside ? "対象外" : one.areas.map((area) => this.areas[area] || area).join("・") || one.act;
      return el("li", {}, one.text, el("small", {}, `${label}${one.crisis === "none" ? "" : "・危機"}${one.own ? "・職員の例文" : ""}・${Math.round(one.score * 100)}%`));
    });
    fill($("#similar"), ...(items.length ? items : [el("li", {}, "似た文は、まだありません。よい例文になります。")]));
  }

  draw() {
    const outside = $("#outside").checked;
    // Drawn afresh: whoever stood on a chip stands on it again.
    const held = document.activeElement && document.activeElement.dataset.area;
    const shown = [...this.offered, ...this.chosen.filter((area) => !this.offered.includes(area))];
    fill(this.chips, ...shown.map((area, index) => {
      const on = this.chosen.includes(area) && !outside;
      return el(
        "button",
        { type: "button", "data-area": area, "aria-pressed": String(on), disabled: outside, click: () => this.toggle(area) },
        index < NUMBERED ? el("kbd", {}, String(index + 1)) : null,
        this.areas[area] || area,
        on && this.chosen[0] === area ? el("span", { class: "first" }, "中心") : null,
      );
    }));
    const again = held && $(`[data-area="${held}"]`, this.chips);
    if (again) again.focus();
  }

  toggle(area) {
    if ($("#outside").checked) return;
    const on = !this.chosen.includes(area);
    this.chosen = on ? [...this.chosen, area] : this.chosen.filter((one) => one !== area);
    if (!this.offered.includes(area) && this.offered.length < NUMBERED) this.offered.push(area);
    this.touched();
    this.draw();
    say(`${this.areas[area] || area} ${on ? "入れた" : "外した"}`);
  }

  touched() {
    this.clean = false;
    $("#label-done").textContent = "";
  }

  typed() {
    this.drafted.save(this.sentence.value === this.data.text ? null : this.sentence.value);
    $("#example-done").textContent = "";
  }

  // True when the label is kept.
  async keep() {
    const id = this.id;
    const outside = $("#outside").checked;
    const now = { areas: outside ? [] : [...this.chosen], out_of_scope: outside };
    FIELDS.forEach((field) => {
      now[field] = $(`#${field}`).value || null;
    });
    try {
      const { labels } = await post(`/api/v1/staff/review/turns/${id}/label`, { ...now, reason: $("#reason").value });
      this.labelled(id, labels, now);
      if (id === this.id) {
        this.clean = true;
        this.data.decided = true;
        $("#reason").value = "";
        showTrouble($("#label-trouble"), null);
        $("#label-done").textContent = "残しました";
      }
      return true;
    } catch (error) {
      showTrouble($("#label-trouble"), error);
      if (error.code === "reason_needed") $("#reason").focus();
      return false;
    }
  }

  // An example teaches what stands: what was changed above is kept first.
  async make() {
    const id = this.id;
    const text = this.sentence.value;
    if (!this.clean && !(await this.keep())) return;
    try {
      const made = await post(`/api/v1/staff/review/turns/${id}/example`, { text });
      this.exampled(id, made.id, text);
      if (id !== this.id) return;
      this.drafted.drop();
      showTrouble($("#example-trouble"), null);
      $("#example-done").textContent = "例文にしました";
    } catch (error) {
      if (id === this.id) showTrouble($("#example-trouble"), error);
    }
  }
}
