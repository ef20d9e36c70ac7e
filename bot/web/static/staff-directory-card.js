// Everything that staff may see of a window, an office, a 縁側 or a hotline, as elements.

import { button, el, fill } from "./staff-dom.js";

const DAYS = "日月火水木金土";
const LABELS = { voice: "電話", fax: "FAX", building: "建物の電話", chat: "チャット", address: "住所", hours: "時間" };
export const KINDS = { window: "窓口", office: "窓口の場所", engawa: "地域の縁側", hotline: "電話相談" };

// A moment as people say it, seen from `now` (both ISO, Asia/Tokyo).
function spoken(moment, now) {
  const [day, time] = [moment.slice(0, 10), moment.slice(11, 16).replace(/^0/, "")];
  const ahead = Math.round((Date.parse(day) - Date.parse(now.slice(0, 10))) / 86400000);
  if (ahead < 2) return `${["きょう", "あす"][ahead]} ${time}`;
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日（${DAYS[new Date(day).getUTCDay()]}） ${time}`;
}

export function openTag(card, now) {
  const { state, next } = card.opening;
  if (state === "open") return el("span", { class: "tag opened" }, "開いています");
  if (state === "closed") return el("span", { class: "tag closed" }, next ? `閉まっています（次は ${spoken(next, now)}）` : "閉まっています");
  return null;
}

export function unsureTag() {
  return el("span", { class: "tag unsure" }, "要確認");
}

export function mainPhone(card) {
  return card.phones.find((line) => line.type === "voice") || card.lines[0] || null;
}

export function subject(fact) {
  return `${fact.kind}:${fact.key}`;
}

function provenance(told) {
  const source = told.source_url ? el("a", { href: told.source_url, target: "_blank", rel: "noreferrer" }, told.source) : told.source;
  const said = el("span", {}, "出典: ", source, told.source_date ? ` ${told.source_date}` : "", ` ・信頼度 ${told.trust}`);
  if (!told.verified_on) return said;
  return el("span", {}, said, " ", el("span", { class: "good" }, `✓ ${told.verified_on} ${told.verified_by || ""} 確認`));
}

function factRow(fact, actions, mayEdit) {
  const act = (label, keys, run, name) => el("button", { type: "button", "aria-keyshortcuts": keys, "aria-label": `${fact.value}を${label}`, click: () => run(fact), class: name || null }, label, el("kbd", { "aria-hidden": "true" }, keys.toUpperCase()));
  return el(
    "li",
    { class: fact.unsure ? "fact doubtful" : "fact", tabindex: "0", "data-subject": subject(fact) },
    el(
      "div",
      { class: "value" },
      el("span", { class: "label" }, LABELS[fact.type]),
      el("b", { class: fact.kind === "phone" ? "number" : null }, fact.value),
      fact.label ? el("span", { class: "whose" }, fact.label) : null,
      fact.unsure ? unsureTag() : null,
    ),
    el("div", { class: "told" }, provenance(fact)),
    el(
      "div",
      { class: "acts" },
      act("コピー", "c", actions.copy),
      act("確認した", "v", actions.confirm, fact.unsure ? "main" : null),
      act("違っている", "x", actions.wrong),
      mayEdit ? act("直す", "e", actions.edit) : null,
    ),
  );
}

function missingRow(kind, key, actions) {
  const fact = { kind, key, value: "", type: kind === "phone" ? "voice" : kind, unsure: false, label: "" };
  return el("li", { class: "fact missing" }, el("span", { class: "label" }, LABELS[fact.type]), el("span", { class: "soft" }, "登録されていません"), button("加える", () => actions.edit(fact)));
}

function about(card, open) {
  const link = (id, words) => el("a", { href: `#${id}`, click: (event) => { event.preventDefault(); open(id); } }, words);
  const rows = [
    ["どの窓口", card.window_name && card.kind !== "hotline" ? (card.kind === "office" ? link(card.window, card.window_name) : card.window_name) : null],
    ["場所", card.place],
    ["役割", card.role],
    ["こう言う", card.say],
    ["相談できる人", card.who_may_ask],
    ["直接は相談できません", card.through ? link(card.through, "この窓口を通してください") : null],
    ["団体向け", card.for_groups ? "団体からの申しこみです" : null],
    ["分野", card.areas.map((area) => area.label).join("、")],
    ["事業", card.programmes.join("、")],
    ["法律の事業か", card.statutory],
    ["担当の課", card.department],
    ["運営", card.run_by],
    ["か所数（計画）", card.planned_places],
    ["担当する地区", card.serves.join("、")],
    ["地区", card.serves.length ? null : card.districts.join("、")],
    ["種類", card.type],
    ["通話料", card.paid === null ? null : card.paid ? "かかります" : "無料です"],
    ["メモ", card.note],
    ["ページ", card.url || card.site ? el("a", { href: card.url || card.site, target: "_blank", rel: "noreferrer" }, card.url || card.site) : null],
  ];
  return el("dl", { class: "facts" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

// actions: copy, confirm, wrong, edit (each with a fact), wrongCard, open(id).
export function draw(target, card, { now, actions, mayEdit, names }) {
  const own = [...card.phones, card.address, card.hours].filter(Boolean);
  const voice = card.phones.some((line) => line.type === "voice");
  const rows = own.map((fact) => factRow(fact, actions, mayEdit));
  // Where the office has no line of its own, people are reached through the department or the switchboard.
  if (!voice) rows.unshift(...card.lines.map((fact) => factRow(fact, actions, mayEdit)));
  if (mayEdit && card.office) {
    if (!card.phones.some((line) => line.key === `${card.office}.voice`)) rows.push(missingRow("phone", `${card.office}.voice`, actions));
    if (!card.address && card.kind !== "hotline") rows.push(missingRow("address", card.office, actions));
    if (!card.hours) rows.push(missingRow("hours", card.office, actions));
  }
  const places = card.offices.map((id) => el("li", {}, el("a", { href: `#${id}`, click: (event) => { event.preventDefault(); actions.open(id); } }, names.get(id) || id)));
  fill(
    target,
    el("p", { class: "kind" }, KINDS[card.kind], " ", openTag(card, now), card.hours && card.hours.unsure && card.opening.state !== "unknown" ? unsureTag() : null),
    el("h2", { tabindex: "-1" }, card.name),
    voice || card.kind === "hotline" ? "" : el("p", { class: "soft" }, `この${card.kind === "window" ? "窓口" : "場所"}だけの電話番号は登録されていません。下の番号へかけて、「こう言う」のことばで伝えてください。`),
    el("ul", { class: "rows", "aria-label": "連絡先" }, ...rows),
    about(card, actions.open),
    places.length ? el("section", {}, el("h3", {}, `場所（${places.length}）`), el("ul", { class: "places" }, ...places)) : "",
    el("p", { class: "told" }, provenance(card.kind === "window" || !card.about ? card.plan : card.about)),
    el("div", { class: "tools" }, button("この窓口のことが違っている", actions.wrongCard, "quiet")),
  );
}
