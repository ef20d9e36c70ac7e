// Following up handoffs, from the list or from one of them.

import { post } from "./staff-api.js";
import { $, say, showTrouble } from "./staff-dom.js";
import { shortcut } from "./staff-keys.js";

const day = $("#on");

async function change(holder, state) {
  const { code, version } = holder.dataset;
  try {
    const now = await post(`/api/v1/staff/handoffs/${code}/state`, { state, on: day.value, version: Number(version) });
    holder.dataset.version = now.version;
    holder.classList.remove("ho-late");
    holder.querySelectorAll("[data-state]").forEach((button) => {
      const isNow = button.dataset.state === now.state;
      button.setAttribute("aria-pressed", String(isNow));
      if (isNow) $(".ho-state", holder).textContent = button.textContent;
    });
    $(".ho-since", holder).textContent = now.on.slice(5).replace("-", "/");
    showTrouble($("#ho-trouble"), null);
    say(`${code}を${$(".ho-state", holder).textContent}にしました。`);
  } catch (error) {
    showTrouble($("#ho-trouble"), error);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-state]");
  if (button) change(button.closest("[data-code]"), button.dataset.state);
});

const rows = [...document.querySelectorAll("#ho-list tbody tr")];

function here() {
  const focused = document.activeElement && document.activeElement.closest("[data-code]");
  return focused || (rows.length ? null : $("[data-code]"));
}

function move(step) {
  const next = rows.indexOf(here()) + step;
  if (rows.length) rows[Math.max(0, Math.min(rows.length - 1, next))].focus();
}

if (rows.length) {
  shortcut("j", "次の引き継ぎ", () => move(1));
  shortcut("k", "前の引き継ぎ", () => move(-1));
  shortcut("o", "開く", () => {
    if (here()) $("a", here()).click();
  });
}
for (const [key, state, label] of [["w", "given", "渡した"], ["t", "arrived", "つながった"], ["m", "returned", "戻ってきた"]]) {
  shortcut(key, `「${label}」にする`, () => {
    if (here()) change(here(), state);
  });
}
