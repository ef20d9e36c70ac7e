// Everything beside the text that an answer brings: crisis, joint work, windows, programmes, engawa, conditions.

import { $, el, fill } from "./staff-dom.js";
import { call, windowCard } from "./console-windows.js";

const crisis = $("#co-crisis");
let warned = "";

export function showCrisis(warning) {
  const now = JSON.stringify(warning);
  // Read out once, not with every keystroke.
  if (now === warned) return;
  warned = now;
  if (!warning) return fill(crisis);
  const lines = warning.lines.map((line) =>
    el(
      "li",
      { class: "co-line" },
      el("b", { class: "co-phone" }, line.number || "LINE"),
      el("span", {}, line.name),
      el("small", {}, [line.hours, line.free ? "無料" : "通話料がかかる", line.for].filter(Boolean).join("・")),
    ),
  );
  fill(
    crisis,
    el(
      "section",
      { class: "co-crisis", role: "alert", "data-crisis": warning.kind, "aria-label": "緊急" },
      el("h2", {}, `緊急: ${warning.label}`),
      el("ol", { class: "co-steps" }, ...warning.steps.map((step) => el("li", {}, step))),
      el("ul", { class: "co-lines" }, ...lines),
    ),
  );
}

export function showRanked(ranked) {
  fill($("#co-windows"), ...ranked.windows.filter((window) => window.id !== "emergency").map(windowCard));
  fill($("#co-joint"), ...(ranked.multi_agency ? [jointWork(ranked.multi_agency)] : []));
  fill($("#co-more"), ...ranked.programmes.map(programme), ...(ranked.engawa.length ? [engawa(ranked.engawa)] : []));
  fill($("#co-place-read"), place(ranked));
}

export function showNothing() {
  showCrisis(null);
  ["#co-windows", "#co-joint", "#co-more", "#co-place-read"].forEach((part) => fill($(part)));
}

function place(ranked) {
  if (ranked.place_unknown) return "この名前の地区や町が見つかりません。ほかの書き方をためしてください。";
  if (!ranked.place) return ranked.place_question ? "地区がわかると、担当の窓口が決まります。" : "";
  const { district, town, candidates } = ranked.place;
  if (district) return `${town ? `${town}・` : ""}${district}地区として案内しています。`;
  return candidates.length ? `${candidates.join("・")} のどれかです。地区をたしかめてください。` : "";
}

function brief(window) {
  return el("li", { "data-window": window.id }, el("b", {}, window.name), call(window));
}

// Name and number alone: five of them must not push the windows off the screen.
function short(window) {
  return el("li", { "data-window": window.id }, el("span", {}, window.name), el("b", { class: "co-phone" }, window.phone || "電話は未登録"), window.phone_label ? el("small", {}, window.phone_label) : null);
}

function jointWork({ coordinators, partners, meetings, consent }) {
  const ask = consent ? null : el("p", { class: "co-ask-consent" }, "同意がまだです。聞けたら「同意」をえらんでください。");
  return el(
    "section",
    { class: "co-joint card", "aria-label": "多機関協働" },
    el("h2", {}, "分野が重なっています: 多機関協働へ"),
    el("div", { class: "co-steps3" },
      el("div", {}, el("h3", {}, "1 調整役に電話"), el("ul", { id: "co-coordinators" }, ...coordinators.map(brief))),
      el("div", {}, el("h3", {}, "2 いっしょに動く窓口"), el("ul", { id: "co-partners" }, ...partners.map(short))),
      el("div", {}, el("h3", {}, "3 会議"), ask, ...meetings.map((meeting) => el("p", { class: "co-meeting" }, el("b", {}, meeting.name), el("span", {}, meeting.when), el("span", {}, meeting.then)))),
    ),
  );
}

function programme({ name, about, windows }) {
  return el("section", { class: "card co-programme", "aria-label": name }, el("h2", {}, name), el("p", { class: "soft" }, about), el("ul", {}, ...windows.map(brief)));
}

function engawa(places) {
  const rows = places.map((one) =>
    el("li", {}, el("b", {}, one.name), el("span", {}, [one.type, one.address, one.open_days, one.distance_m ? `およそ${one.distance_m}m` : "", one.phone].filter(Boolean).join(" ・ "))),
  );
  return el("section", { class: "card co-programme", "aria-label": "近くの地域の縁側" }, el("h2", {}, "近くの地域の縁側"), el("ul", {}, ...rows));
}
