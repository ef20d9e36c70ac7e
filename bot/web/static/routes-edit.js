// The windows of an area in order: moved with buttons, tried on the log, saved with a reason.

import { post } from "./staff-api.js";
import { $, button, el, fill, say, showTrouble } from "./staff-dom.js";

const list = $("#rows");
const data = JSON.parse(list.dataset.steps);
const API = `/api/v1/staff/routes/${data.area}`;
const trouble = $(".trouble");
let steps = structuredClone(data.steps);

const option = (value, words, chosen) => el("option", { value, selected: value === chosen || null }, words);

function conditionChoice(step, place) {
  const chosen = step.conditions[place] || "";
  const words = place ? "さらに、もう1つの条件" : "条件";
  const none = place ? "（もう1つの条件）" : "いつでも";
  return el(
    "select",
    {
      "aria-label": words,
      change: (event) => {
        step.conditions[place] = event.target.value;
        step.conditions = step.conditions.filter((flag) => flag);
        draw();
      },
    },
    option("", none, chosen),
    ...data.conditions.map((one) => option(one.id, one.name, chosen)),
  );
}

function row(step, place) {
  const window_ = el(
    "select",
    { "aria-label": "窓口", change: (event) => (step.window = event.target.value) },
    ...data.windows.map((one) => option(one.id, one.name, step.window)),
  );
  const lead = el("input", { type: "checkbox", disabled: step.conditions.length ? null : true, change: (event) => (step.lead = event.target.checked) });
  lead.checked = step.lead && step.conditions.length > 0;
  const reason = el("input", { class: "reason", "aria-label": "住民に見せる説明", maxlength: "80", placeholder: "説明（なければ窓口のふだんの説明）", input: (event) => (step.reason = event.target.value) });
  reason.value = step.reason;
  const up = button("↑", () => move(place, -1));
  const down = button("↓", () => move(place, 1));
  const away = button("×", () => remove(place));
  up.setAttribute("aria-label", "上へ");
  down.setAttribute("aria-label", "下へ");
  away.setAttribute("aria-label", "外す");
  up.disabled = place === 0;
  down.disabled = place === steps.length - 1;
  const second = step.conditions.length ? conditionChoice(step, 1) : el("span", {});
  return el("li", { class: "row" }, window_, conditionChoice(step, 0), second, el("label", {}, lead, "先に"), reason, el("span", { class: "tools" }, up, down, away));
}

function draw() {
  fill(list, ...steps.map(row));
  $("#add").disabled = steps.length >= data.most;
  $("#effects").hidden = true;
}

function move(place, by) {
  if (!steps[place + by]) return;
  const [step] = steps.splice(place, 1);
  steps.splice(place + by, 0, step);
  draw();
  list.children[place + by].querySelector(by < 0 ? "button" : "button + button").focus();
  say(`${place + by + 1}番目に動かしました`);
}

function remove(place) {
  steps.splice(place, 1);
  draw();
  $("#add").focus();
}

$("#add").addEventListener("click", () => {
  steps.push({ window: data.windows[0].id, conditions: [], lead: false, reason: "" });
  draw();
  list.lastElementChild.querySelector("select").focus();
});

$("#undo").addEventListener("click", () => {
  steps = structuredClone(data.steps);
  draw();
});

$("#try").addEventListener("click", async () => {
  showTrouble(trouble, null);
  try {
    show(await post(`${API}/preview`, { steps }, { retry: true }));
  } catch (error) {
    showTrouble(trouble, error);
  }
});

function show(found) {
  const words = found.turns
    ? `この分野の、新しい会話 ${found.turns} のうち、${found.changed} で案内が変わります（最初の窓口が変わるもの ${found.first_changed}）。`
    : "この分野の会話は、まだ記録にありません。";
  const marked = found.marked
    ? `会話の見なおしで「正しい窓口」をつけた ${found.marked} のうち、その窓口が近づくもの ${found.nearer}、遠ざかるもの ${found.farther}。`
    : "「正しい窓口」をつけた会話は、この分野にまだありません。";
  $("#effects-marked").textContent = marked;
  $("#effects-marked").classList.toggle("alarm", found.farther > 0);
  $("#effects-count").textContent = found.listed.length < found.changed ? `${words}${found.listed.length} だけを出しています。` : words;
  const table = $("#effects table");
  table.hidden = !found.listed.length;
  const order = (names) => names.map((name, place) => el("span", { class: "step" }, `${place + 1}. ${name}`));
  const moved = { nearer: "近づく", farther: "遠ざかる" };
  const right = (one) => (one.right ? [one.right, one.move ? el("span", { class: one.move === "farther" ? "tag danger" : "tag" }, moved[one.move]) : null] : []);
  fill(
    $("tbody", table),
    ...found.listed.map((one) => el("tr", {}, el("td", {}, one.at), el("td", {}, one.text), el("td", {}, one.district), el("td", {}, ...order(one.before)), el("td", {}, ...order(one.after)), el("td", {}, ...right(one)))),
  );
  $("#effects").hidden = false;
  $("#effects").scrollIntoView({ block: "nearest" });
  say(`${words}${marked}`);
}

$("#save").addEventListener("submit", async (event) => {
  event.preventDefault();
  showTrouble(trouble, null);
  try {
    await post(API, { steps, why: $("#why").value, version: data.version });
    location.reload();
  } catch (error) {
    showTrouble(trouble, error);
  }
});

for (const back of document.querySelectorAll(".back")) {
  back.addEventListener("click", () => {
    steps = structuredClone(data.versions[back.dataset.number]);
    draw();
    $("#why").value = "前の順番に戻す";
    $("#rows-title").scrollIntoView();
    $("#try").focus();
    say("前の順番を出しました。保存すると、そのとおりになります。");
  });
}

draw();
