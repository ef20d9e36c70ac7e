// The text once more behind the field, in the same type, with its evidence marked: the field itself cannot mark.

import { $, el, fill } from "./staff-dom.js";

const text = $("#co-text");
const mirror = $("#co-mirror");

// words: [{ words, kind }], kind "area" or "danger"; each is marked wherever it first stands.
export function mark(words) {
  const value = text.value;
  const ranges = [];
  for (const { words: found, kind } of words) {
    const start = found ? value.indexOf(found) : -1;
    if (start >= 0) ranges.push({ start, end: start + found.length, kind });
  }
  ranges.sort((one, other) => one.start - other.start || (one.kind === "danger" ? -1 : 1));
  const parts = [];
  let at = 0;
  for (const { start, end, kind } of ranges) {
    if (start < at) continue;
    parts.push(value.slice(at, start), el("mark", { class: kind }, value.slice(start, end)));
    at = end;
  }
  // A line feed at the end would not make a line of its own.
  fill(mirror, ...parts, `${value.slice(at)}\u200b`);
  follow();
}

function follow() {
  mirror.scrollTop = text.scrollTop;
}

text.addEventListener("scroll", follow);
