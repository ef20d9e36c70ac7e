// One window as a clerk reads it: whom to call, what to say, why, by which rule, and where that is known from.

import { el } from "./staff-dom.js";
import { label } from "./console-areas.js";

const OPEN = { open: ["開いています", "good"], closed: ["閉まっています", "shut"] };

export function windowCard(window, index) {
  return el(
    "li",
    { class: "co-window", "data-window": window.id },
    el("div", { class: "co-head" }, el("b", { class: "co-number" }, String(index + 1)), el("h3", {}, window.name), state(window), ...window.areas.map((id) => el("span", { class: "tag" }, label(id)))),
    call(window),
    el("p", { class: "co-why" }, window.reason),
    el("p", { class: "co-rule" }, el("b", {}, "決まり "), [...window.rules, window.role ? `計画での役割: ${window.role}` : ""].filter(Boolean).join(" ／ ")),
    where(window),
    window.offices.length ? others(window) : null,
  );
}

export function call(window) {
  const line = window.phone ? [el("b", { class: "co-phone" }, window.phone), window.phone_label ? el("span", {}, `（${window.phone_label}）`) : null] : [el("span", {}, "電話は登録されていません")];
  return el("p", { class: "co-call" }, ...line, window.say ? el("span", { class: "co-say" }, window.say) : null, unsure(window));
}

function unsure(window) {
  return window.trust === "C" || window.trust === "X" ? el("span", { class: "tag co-unsure" }, "要確認") : null;
}

function state(window) {
  const known = OPEN[window.open];
  return known ? el("span", { class: `tag co-${known[1]}` }, known[0]) : null;
}

function where(window) {
  const parts = [
    window.address,
    window.hours,
    window.distance_m ? `およそ${window.distance_m}m` : null,
    window.department ? `担当: ${window.department}` : null,
    window.who_may_ask ? `相談できる人: ${window.who_may_ask}` : null,
    window.source ? `出典: ${window.source}${window.source_date ? ` ${window.source_date}` : ""}` : null,
    window.verified_on ? `確認 ${window.verified_on}` : null,
  ];
  return el("p", { class: "co-where" }, parts.filter(Boolean).join(" ・ "));
}

function others(window) {
  const rows = window.offices.map((office) => el("li", {}, `${office.name} ${office.phone || ""}${office.phone_label ? `（${office.phone_label}）` : ""}`));
  return el("details", { class: "co-others" }, el("summary", {}, `ほかの場所（${window.offices.length}）`), el("ul", {}, ...rows));
}
