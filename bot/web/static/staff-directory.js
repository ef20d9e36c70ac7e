// The directory at hand: fetched once, searched while typing, opened, copied and confirmed without the mouse.

import { get, post } from "./staff-api.js";
import { draw, mainPhone, openTag, subject, unsureTag } from "./staff-directory-card.js";
import { editFact, sayWrong } from "./staff-directory-forms.js";
import { index, search } from "./staff-directory-search.js";
import { $, composing, el, fill, say, showTrouble } from "./staff-dom.js";
import { draft } from "./staff-draft.js";
import { shortcut } from "./staff-keys.js";

const API = "/api/v1/staff/directory";
const LOOK_AGAIN = 60000;
const query = $("#query");
const results = $("#results");
const card = $("#card");
const filters = { district: $("#district"), area: $("#area"), kind: $("#kind"), open: $("#open") };
const mayEdit = $(".directory").dataset.edit === "yes";
const kept = draft("directory");
const state = { tag: "", now: "", entries: [], byId: new Map(), names: new Map(), found: [], selected: null, undo: null };

async function load(background) {
  const answer = await get(`${API}?known=${state.tag}`, { background });
  state.now = answer.at;
  if (mayEdit) $("#notes").textContent = answer.notes ? `（${answer.notes}）` : "";
  if (!answer.cards) return;
  state.tag = answer.tag;
  state.entries = index(answer.cards);
  state.byId = new Map(answer.cards.map((one) => [one.id, one]));
  state.names = new Map(answer.cards.map((one) => [one.id, one.name]));
  fillAreas(answer.cards);
  update(true);
}

function fillAreas(cards) {
  if (filters.area.options.length > 1) return;
  const areas = new Map(cards.flatMap((one) => one.areas.map((area) => [area.id, area.label])));
  filters.area.append(...[...areas].map(([id, label]) => el("option", { value: id }, label)));
  const { area } = kept.load() || {};
  if (area) filters.area.value = area;
}

function wanted() {
  return { query: query.value, district: filters.district.value, area: filters.area.value, kind: filters.kind.value, open: filters.open.checked };
}

// keep: the list is only drawn afresh; else somebody typed, and the best one is shown.
function update(keep) {
  const { found, near, unknown } = search(state.entries, wanted());
  state.found = found;
  const left = unknown ? `（時間がわからないところが ${unknown} 件あります）` : "";
  $("#count").textContent = (near ? `ぴったりのものはありません。近いものが ${found.length} 件` : found.length ? `${found.length} 件` : "見つかりませんでした。ことばを短くするか、しぼりこみを外してください。") + left;
  fill(results, ...found.map(option));
  if (!keep || !found.some((one) => one.id === state.selected)) state.selected = found.length ? found[0].id : null;
  select(state.selected);
}

function option(one) {
  const phone = mainPhone(one);
  return el(
    "li",
    { role: "option", id: `option-${one.id}`, "data-id": one.id, "aria-selected": "false" },
    el("span", { class: "name" }, one.name),
    one.window_name && one.kind === "office" ? el("span", { class: "soft" }, one.window_name) : null,
    el("span", { class: "line" }, phone ? el("span", { class: "number" }, phone.value) : null, phone && one.lines.includes(phone) ? el("span", { class: "soft" }, phone.label) : null, phone && phone.unsure ? unsureTag() : null, openTag(one, state.now)),
  );
}

function select(id) {
  state.selected = id;
  for (const one of results.children) {
    const chosen = one.dataset.id === id;
    one.setAttribute("aria-selected", String(chosen));
    if (chosen) one.scrollIntoView({ block: "nearest" });
  }
  if (id) query.setAttribute("aria-activedescendant", `option-${id}`);
  else query.removeAttribute("aria-activedescendant");
  show();
}

function show() {
  const one = state.byId.get(state.selected);
  const focused = card.contains(document.activeElement) ? document.activeElement.closest(".fact") : null;
  const before = focused ? focused.dataset.subject : null;
  if (!one) return fill(card, el("p", { class: "soft" }, "左からえらぶと、ここに出ます。"));
  draw(card, one, { now: state.now, mayEdit, names: state.names, actions: { copy, confirm, wrong, edit, open, wrongCard: () => sayWrong(one, null, told) } });
  const again = before && [...card.querySelectorAll(".fact")].find((row) => row.dataset.subject === before);
  if (again) again.focus();
}

// A card that the present search does not show is opened all the same (links from other pages and cards).
function open(id) {
  if (!state.byId.has(id)) return;
  if (!state.found.some((one) => one.id === id)) {
    query.value = "";
    Object.values(filters).forEach((filter) => (filter === filters.open ? (filter.checked = false) : (filter.value = "")));
    update(false);
  }
  select(id);
  enter();
}

function enter() {
  const first = $(".fact[tabindex]", card) || $("h2", card);
  if (first) first.focus();
}

function move(step) {
  const rows = card.contains(document.activeElement) ? [...card.querySelectorAll(".fact[tabindex]")] : null;
  if (rows) {
    const at = rows.indexOf(document.activeElement.closest(".fact"));
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (next) next.focus();
    return;
  }
  const at = state.found.findIndex((one) => one.id === state.selected);
  const next = state.found[Math.min(Math.max(at + step, 0), state.found.length - 1)];
  if (next) select(next.id);
}

// The fact that a key is meant for: the one with the focus, else the number to call.
function meant() {
  const one = state.byId.get(state.selected);
  if (!one) return null;
  const row = document.activeElement.closest ? document.activeElement.closest("#card .fact") : null;
  const facts = [...one.phones, ...one.lines, one.address, one.hours].filter(Boolean);
  return (row && facts.find((fact) => subject(fact) === row.dataset.subject)) || mainPhone(one) || facts[0] || null;
}

function done(words, change) {
  state.undo = change || null;
  const shown = $("#done");
  shown.hidden = false;
  fill(shown, el("span", {}, words), change ? el("button", { type: "button", click: undo }, "取り消す", el("kbd", { "aria-hidden": "true" }, "U")) : "");
  showTrouble($("#trouble"), null);
}

async function trying(work) {
  try {
    await work();
  } catch (error) {
    $("#done").hidden = true;
    showTrouble($("#trouble"), error);
    if (error.status === 409 || error.status === 404) load(true).catch(() => {});
  }
}

async function copy(fact) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(fact.value);
  } else {
    // Offices reach つなぐ over plain http too, where browsers give no clipboard.
    const field = el("textarea", { class: "unseen", "aria-hidden": "true" }, fact.value);
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    before.focus();
  }
  done(`コピーしました: ${fact.value}`);
}

function confirm(fact) {
  return trying(async () => {
    const { change } = await post(`${API}/confirm`, { kind: fact.kind, key: fact.key, seen: fact.value });
    await load();
    done(`確認しました: ${fact.value}`, change);
  });
}

function undo() {
  const change = state.undo;
  if (!change) return undefined;
  return trying(async () => {
    await post(`${API}/undo`, { change });
    await load();
    done("取り消しました。");
  });
}

function told() {
  done("運用の人に知らせました。");
  load(true).catch(() => {});
}

function wrong(fact) {
  sayWrong(state.byId.get(state.selected), fact, told);
}

function edit(fact) {
  editFact(state.byId.get(state.selected), fact, async (answer) => {
    await load();
    done(answer.readable ? "書きかえました。" : "書きかえました。この書き方からは、開いているかどうかを計算できません。", answer.change);
  });
}

function meaning(run) {
  return () => {
    const fact = meant();
    if (fact) run(fact);
  };
}

query.addEventListener("keydown", (event) => {
  if (composing(event)) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.key]) move(steps[event.key]);
  else if (event.key === "Enter") enter();
  else return;
  event.preventDefault();
});
for (const input of [query, ...Object.values(filters)]) {
  input.addEventListener("input", () => {
    update(false);
    kept.save(wanted());
  });
}
results.addEventListener("click", (event) => {
  const chosen = event.target.closest("li");
  if (chosen) select(chosen.dataset.id);
});

shortcut("/", "さがすことばを書く", () => {
  query.focus();
  query.select();
});
shortcut("ArrowDown", "次へ（一覧でも、連絡先でも）", () => move(1));
shortcut("ArrowUp", "前へ", () => move(-1));
shortcut("Enter", "連絡先へ進む", (event) => {
  if (event.target.closest("button, a")) return false;
  return enter();
});
shortcut("Escape", "さがすところへ戻る", () => query.focus());
shortcut("c", "電話番号をコピーする", meaning((fact) => trying(() => copy(fact))));
shortcut("Alt+c", "書いている途中でも、電話番号をコピーする", meaning((fact) => trying(() => copy(fact))));
shortcut("v", "確認した", meaning(confirm));
shortcut("x", "違っている（運用へ知らせる）", meaning(wrong));
if (mayEdit) shortcut("e", "直す", meaning(edit));
shortcut("u", "いまのを取り消す", undo);

const saved = kept.load();
if (saved) {
  query.value = saved.query;
  filters.district.value = saved.district;
  filters.kind.value = saved.kind;
  filters.open.checked = saved.open;
}
setInterval(() => {
  if (!document.hidden && !$("dialog[open]")) load(true).catch(() => {});
}, LOOK_AGAIN);

// #<card>, or #<card>|<fact>|edit from the operators' list.
async function begin() {
  await load();
  const [id, fact, what] = decodeURIComponent(location.hash.slice(1)).split("|");
  if (!id || !state.byId.has(id)) return;
  open(id);
  const row = [...card.querySelectorAll(".fact")].find((one) => one.dataset.subject === fact);
  if (!row) return;
  row.focus();
  if (what === "edit" && mayEdit) edit(meant());
}
trying(begin);
say("");
