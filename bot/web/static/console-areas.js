// The chips: areas that were understood, that the clerk added, and that may be meant as well.

import { $, el, fill } from "./staff-dom.js";
import { active } from "./console-choices.js";

const chips = $("#co-areas");
const MOST = 9;

export function label(id) {
  const option = $(`#co-area option[value="${CSS.escape(id)}"]`);
  return option ? option.textContent : id;
}

// The ids in the order of the chips: the first nine have a key each.
export function offered(state) {
  const read = state.understood.areas.map((area) => area.id);
  const added = state.on.filter((id) => !read.includes(id));
  const likely = state.understood.likely.filter((id) => !read.includes(id) && !added.includes(id));
  return [...read, ...added, ...likely.slice(0, Math.max(0, MOST - read.length - added.length))];
}

export function showAreas(state, toggle) {
  const scores = Object.fromEntries(state.understood.areas.map((area) => [area.id, area.score]));
  const on = active(state);
  const focused = document.activeElement && chips.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  fill(chips, ...offered(state).map((id, index) => chip(id, index, on.includes(id), scores[id], toggle)));
  if (focused) {
    const again = $(`[data-id="${CSS.escape(focused)}"]`, chips);
    if (again) again.focus();
  }
}

function chip(id, index, isOn, score, toggle) {
  const how = score === undefined ? (isOn ? "手で足した" : "これも？") : `${Math.round(score * 100)}%`;
  return el(
    "button",
    { type: "button", "data-id": id, "aria-pressed": String(isOn), "aria-keyshortcuts": index < MOST ? `Alt+${index + 1}` : null, click: () => toggle(id) },
    index < MOST ? el("kbd", {}, String(index + 1)) : null,
    el("span", {}, label(id)),
    el("small", {}, how),
  );
}
