// Who waits: danger first, then who has waited longest; below them who is being answered.

import { $, button, el, fill } from "./staff-dom.js";
import { CRISES, waited } from "./queue-words.js";

const TITLE = document.title;
const list = $("#queue-list");

function tags(talk) {
  const crisis = talk.reason === "crisis";
  return [
    el("span", { class: crisis ? "queue-tag urgent" : "queue-tag" }, crisis ? `いそぐ: ${CRISES[talk.crisis] || "危険"}` : "人と話したい"),
    ...[talk.district, ...talk.areas.slice(0, 2)].filter(Boolean).map((words) => el("span", { class: "tag" }, words)),
    talk.here ? null : el("span", { class: "queue-tag away" }, "画面を閉じたようです"),
  ];
}

function item(talk, opened, onOpen) {
  const state = talk.state === "waiting" ? waited(talk.asked_at) : talk.mine ? "あなたが応じています" : `${talk.clerk || "ほかの職員"}さんが応じています`;
  const open = button("", () => onOpen(talk.id), talk.id === opened ? "queue-item current" : "queue-item");
  open.dataset.talk = talk.id;
  open.dataset.state = talk.state;
  if (talk.id === opened) open.setAttribute("aria-current", "true");
  open.append(
    el("span", { class: "queue-tags" }, ...tags(talk)),
    el("span", { class: "queue-last" }, talk.last || "（まだ何も書いていません）"),
    el("span", { class: talk.mine ? "queue-state mine" : "queue-state" }, state),
  );
  return el("li", {}, open);
}

export function showList(talks, opened, onOpen) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.talk : null;
  const waiting = talks.filter((talk) => talk.state === "waiting");
  const others = talks.filter((talk) => talk.state !== "waiting");
  fill(list, ...[...waiting, ...others].map((talk) => item(talk, opened, onOpen)));
  if (focused) {
    const again = [...list.querySelectorAll("button")].find((one) => one.dataset.talk === focused);
    if (again) again.focus();
  }
  $("#queue-empty").hidden = talks.length > 0;
  $("#queue-count").textContent = waiting.length ? `${waiting.length}人` : "";
  document.title = waiting.length ? `(${waiting.length}) ${TITLE}` : TITLE;
}

// The focus goes up or down in the list.
export function move(by) {
  const items = [...list.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by];
  if (next) next.focus();
}

export function nth(number) {
  return list.querySelectorAll("button")[number - 1] || null;
}
