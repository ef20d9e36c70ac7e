// The list of conversations by key, and a filter whose address holds only what was chosen.

import { post } from "./staff-api.js";
import { $, say, showTrouble } from "./staff-dom.js";
import { shortcut } from "./staff-keys.js";

const rows = [...document.querySelectorAll("#talks tbody tr")];
let at = -1;

function choose(next) {
  if (!rows.length) return;
  if (at >= 0) rows[at].classList.remove("current");
  at = Math.min(Math.max(next, 0), rows.length - 1);
  rows[at].classList.add("current");
  const link = $("a", rows[at]);
  link.focus();
  rows[at].scrollIntoView({ block: "nearest" });
}

async function toggle(selector, path, key, words) {
  const row = rows[at];
  if (!row || !row.dataset.id) return;
  const sign = $(selector, row);
  const on = sign.hidden;
  try {
    await post(`/api/v1/staff/review/talks/${row.dataset.id}/${path}`, { [key]: on }, { retry: true });
    sign.hidden = !on;
    if (path === "reviewed") row.classList.toggle("seen", on);
    say(on ? words : "取り消しました");
    showTrouble($("#trouble"), null);
  } catch (error) {
    showTrouble($("#trouble"), error);
  }
}

rows.forEach((row, index) => row.addEventListener("focusin", () => index !== at && choose(index)));
shortcut("j", "次の会話", () => choose(at + 1));
shortcut("k", "前の会話", () => choose(at - 1));
shortcut("o", "選んだ会話を開く", () => at >= 0 && $("a", rows[at]).click());

const filters = $("#filters");
if (filters) {
  shortcut("r", "選んだ会話を見おわった", () => {
    toggle(".is-seen", "reviewed", "reviewed", "見おわった");
  });
  shortcut("s", "選んだ会話をあとで見る", () => {
    toggle(".is-saved", "saved", "saved", "あとで見る");
  });
  shortcut("f", "しぼりこみへ", () => $("#area").focus());
  shortcut("n", "もっと前の会話", () => {
    const older = $("#older");
    if (older) older.click();
  });
  filters.addEventListener("submit", () => {
    const empty = [...filters.elements].filter((field) => field.name && !field.value);
    empty.forEach((field) => {
      field.disabled = true;
    });
    // Coming back with the browser's button finds the fields usable again.
    setTimeout(() => empty.forEach((field) => {
      field.disabled = false;
    }));
  });
}
