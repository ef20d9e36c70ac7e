// Windows, 地域の縁側 and phone numbers as cards.

import { el, icon } from "./dom.js";
import { day, distance, openness } from "./words.js";

const DIALLED = /^[0-9#*+][0-9#*+-]*$/;
const NUMBERS = /(0\d{1,3}-\d{1,4}-\d{3,4}|#\d{4}|(?:110|119|188|189)(?=\s?[番にへ]))/;

function callLink(number, className, ...children) {
  return el("a", { class: className, href: `tel:${number.replace(/-/g, "").replace("#", "%23")}` }, ...children);
}

// Text with its phone numbers made into links: on a phone one tap calls.
export function speech(text) {
  const parts = text.split(NUMBERS).map((part, index) => (index % 2 ? callLink(part, "number", part) : part));
  return el("p", {}, ...parts);
}

function call(window, urgent) {
  const number = window.phone;
  if (!number) return el("p", { class: "note" }, "電話番号は、まだ登録されていません。");
  const label = window.phone_label ? el("span", { class: "label" }, window.phone_label) : null;
  if (DIALLED.test(number)) {
    const spoken = `${window.phone_label || window.name} ${number} に電話する`;
    const link = callLink(number, urgent ? "call urgent" : "call", icon("phone"), el("span", { class: "digits" }, number), label);
    link.setAttribute("aria-label", spoken);
    return link;
  }
  if (/^https:\/\//.test(number)) return el("a", { class: "call", href: number, rel: "noreferrer" }, "ひらく（文字で相談）");
  return el("p", {}, number);
}

function say(words) {
  if (!words) return null;
  return el("p", { class: "say" }, el("span", { class: "label" }, "電話がつながったら"), words);
}

function state(place) {
  const words = openness(place);
  return words ? el("p", { class: `state ${place.open}` }, words) : null;
}

function row(label, ...value) {
  return el("div", {}, el("dt", {}, label), el("dd", {}, ...value));
}

function address(place) {
  if (!place.address) return null;
  const map = `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(place.address)}`;
  const link = el("a", { class: "map", href: map, target: "_blank", rel: "noreferrer" }, icon("pin"), "地図を見る");
  return row("場所", place.address, " ", link);
}

function source(place) {
  if (!place.source) return null;
  const named = place.source.split(/\s*;\s*/).map((part) => part.replace(/^https?:\/\/([^/]+).*$/, "$1"));
  const date = place.source_date ? `（${day(place.source_date)}）` : "";
  const seen = place.verified_on ? `・職員の確認 ${day(place.verified_on)}` : "";
  return el("p", { class: "source" }, `この情報のもと: ${named.join("、")}${date}${seen}`);
}

function facts(window) {
  const rows = [
    address(window),
    window.hours ? row("時間", window.hours) : null,
    window.distance_m === null || window.distance_m === undefined ? null : row("近さ", distance(window.distance_m)),
    window.fax ? row("FAX", window.fax) : null,
    window.url ? row("ページ", el("a", { href: window.url, target: "_blank", rel: "noreferrer" }, "ホームページを見る")) : null,
  ].filter(Boolean);
  return rows.length ? el("dl", {}, ...rows) : null;
}

const CALLING = { suicide: "いま、話を聞いてくれるところ", abuse: "いま、相談できるところ" };

export function emergencyCard(window, crisis) {
  return el(
    "section",
    { class: "card emergency", "aria-label": "いますぐの電話" },
    el("p", { class: "flag" }, CALLING[crisis] || "いますぐ、電話してください"),
    el("h3", {}, window.name),
    call(window, true),
    window.reason ? el("p", { class: "reason" }, window.reason) : null,
    say(window.say),
    window.hours ? el("p", { class: "note" }, `受付: ${window.hours}`) : null,
    source(window),
  );
}

export function windowCard(window, first) {
  const details = [facts(window), source(window)].filter(Boolean);
  const more = first || !details.length ? details : [el("details", {}, el("summary", {}, "くわしく"), ...details)];
  return el(
    "li",
    { class: first ? "card first" : "card" },
    first ? el("p", { class: "flag" }, "まずはこちらへ") : null,
    el("h3", {}, window.name),
    window.reason ? el("p", { class: "reason" }, window.reason) : null,
    call(window, false),
    say(window.say),
    state(window),
    ...more,
  );
}

function engawaItem(place) {
  const kind = [place.type, distance(place.distance_m)].filter(Boolean).join("・");
  const rows = [place.open_days ? row("開いている日", place.open_days) : null, address(place)].filter(Boolean);
  return el(
    "li",
    { class: "card engawa" },
    el("h3", {}, place.name),
    kind ? el("p", { class: "reason" }, kind) : null,
    state(place),
    rows.length ? el("dl", {}, ...rows) : null,
    source(place),
  );
}

export function engawaList(places) {
  const ruby = el("ruby", {}, "縁側", el("rp", {}, "（"), el("rt", {}, "えんがわ"), el("rp", {}, "）"));
  return el(
    "section",
    { class: "places" },
    el("h2", {}, "地域の", ruby),
    el("p", { class: "note" }, "だれでも立ちよれて、気軽に話せる場所です。"),
    el("ul", {}, ...places.map(engawaItem)),
  );
}

// The four numbers, as in the page's own HTML.
export function hotlineList(lines) {
  const item = (line) =>
    el("li", {}, callLink(line.phone, "line", el("span", { class: "when" }, line.when), el("b", {}, line.phone), el("span", { class: "who" }, line.name)));
  return el("ul", { class: "lines" }, ...lines.map(item));
}
