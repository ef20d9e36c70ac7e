// The paper on the screen: exactly what is printed, one A4 page.

import { $, el, fill } from "./staff-dom.js";

export function showSheet(sheet, person, windows) {
  Object.entries(person).forEach(([name, value]) => put(name, value));
  ["tried", "wishes"].forEach((name) => put(name, sheet[name]));
  put("concern", `${sheet.crisis === "none" ? "" : "【緊急】 "}${sheet.concern}`);
  put("reason", `${sheet.multi_agency ? "【多機関協働】 " : ""}${sheet.reason}`);
  const names = [...document.querySelectorAll("#ho-household input:checked")].map((box) => box.dataset.label).join("・");
  const age = $("#ho-age").selectedOptions[0];
  put("household", [sheet.district ? `${sheet.district}地区` : "", sheet.age ? age.textContent : "", names ? `支えが要る人: ${names}` : "", sheet.family].filter(Boolean).join("　"));
  put("consent", `つなぎ先に伝えることへの本人の同意: ${$("#ho-consent").selectedOptions[0].textContent.trim()}`);
  fill($('[data-show="windows"]'), ...windows.map((one) => el("p", {}, [one.name, one.phone ? `${one.phone}${one.phone_label ? `（${one.phone_label}）` : ""}` : "", one.say].filter(Boolean).join("　"))));
  document.querySelectorAll(".ho-boxes span").forEach((box) => box.classList.toggle("on", sheet.areas.includes(box.dataset.area)));
  fitSheet();
}

// Smaller type where a field would not fit into its box, so that it stays one page.
export function fitSheet() {
  document.querySelectorAll(".ho-rows dd[data-show]").forEach((box) => {
    box.classList.remove("ho-small", "ho-tiny");
    for (const size of ["ho-small", "ho-tiny"]) if (box.scrollHeight > box.clientHeight + 1) box.classList.add(size);
  });
}

function put(name, text) {
  $(`[data-show="${name}"]`).textContent = text;
}
