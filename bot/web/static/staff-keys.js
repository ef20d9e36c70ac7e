// The shortcuts of a page, and the list of them. Single keys work while nobody is typing; Alt and Ctrl always do.

import { $, button, composing, el, typing } from "./staff-dom.js";

const NAMES = { Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "スペース" };
const SEQUENCE = 1500;
const known = new Map();
let begun = null;

// keys: "j", "g 1" (one after the other), "Alt+k", "Ctrl+Enter", "Escape". run: called with the event, which is then
// used up unless run returns false. Returns a function that takes the shortcut away. Each may be given once.
// label: for the list; null where another line stands for it. listed: how the keys are written there.
export function shortcut(keys, label, run, listed = keys) {
  if (known.has(keys)) throw new Error(`shortcut given twice: ${keys}`);
  known.set(keys, { keys, label, run, listed });
  return () => known.delete(keys);
}

// One shortcut for each of the keys Alt+1 to Alt+9, one line in the list. run: called with the number.
export function numbered(label, run) {
  for (let number = 1; number <= 9; number += 1) {
    shortcut(`Alt+${number}`, number === 1 ? label : null, () => run(number), "Alt+1〜9");
  }
}

// How a shortcut is written for people, as elements.
export function shown(keys) {
  return keys.split(" ").map((step) => el("kbd", {}, step.split("+").map((key) => NAMES[key] || (key.length === 1 ? key.toUpperCase() : key)).join(" + ")));
}

function pressed(event) {
  let key = event.key;
  // With Alt the letter is in the code only.
  if (event.altKey) key = (/^(?:Key|Digit)(.)$/.exec(event.code) || [null, key])[1];
  if (key.length === 1) key = key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

function onKey(event) {
  if (composing(event) || event.defaultPrevented) return;
  const combined = event.altKey || event.ctrlKey || event.metaKey;
  if (!combined && typing(event.target)) return;
  if ($("dialog[open]")) return;
  const now = pressed(event);
  const sequence = begun && Date.now() - begun.at < SEQUENCE ? `${begun.key} ${now}` : null;
  const found = (sequence && known.get(sequence)) || known.get(now);
  begun = null;
  if (found) {
    if (found.run(event) !== false) event.preventDefault();
  } else if ([...known.keys()].some((keys) => keys.startsWith(`${now} `))) {
    begun = { key: now, at: Date.now() };
  }
}

export function listShortcuts() {
  const rows = [...known.values()].filter(({ label }) => label).map(({ listed, label }) => el("tr", {}, el("th", { scope: "row" }, ...shown(listed)), el("td", {}, label)));
  const close = button("閉じる", () => dialog.close(), "main");
  const dialog = el(
    "dialog",
    { class: "keys", "aria-labelledby": "keys-title" },
    el("h2", { id: "keys-title" }, "キーの一覧"),
    el("p", { class: "soft" }, "文字を書いているあいだは、Alt や Ctrl といっしょに押すキーだけが使えます。"),
    el("div", { class: "scroll", tabindex: "0", role: "group", "aria-labelledby": "keys-title" }, el("table", {}, el("tbody", {}, ...rows))),
    el("div", { class: "tools" }, close),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

document.addEventListener("keydown", onKey);
shortcut("?", "このキーの一覧を開く", listShortcuts);
shortcut("Alt+/", "書いている途中でも、このキーの一覧を開く", listShortcuts);
