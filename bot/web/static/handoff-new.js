// The handoff sheet: filled from the console, completed here, printed or made into a PDF, and kept without the person.

import { post } from "./staff-api.js";
import { draft } from "./staff-draft.js";
import { $, el, fill, showTrouble } from "./staff-dom.js";
import { shortcut } from "./staff-keys.js";
import { fitSheet, showSheet } from "./handoff-sheet.js";
import { withoutPerson } from "./handoff-person.js";

const form = $("#ho-form");
const kept = draft("handoff");
const consoles = draft("console");
const FIELDS = ["concern", "district", "age", "family", "tried", "wishes", "reason", "consent"];
let sheet = begin();

// A sheet of the console's present case; what was typed here before stays when only the triage changed.
function begin() {
  const triage = consoles.load();
  const before = kept.load();
  if (before && (!triage || (before.case === triage.case && before.taken === triage.handed))) return before;
  const empty = { code: form.dataset.code, case: "", taken: 0, family: "", tried: "", wishes: "", concern: "", reason: "", district: "", age: "", consent: "", household: [], areas: [], windows: [], offered: [], crisis: "none", multi_agency: false, situation: [], talk: "", told: null };
  if (!triage) return empty;
  const same = before && before.case === triage.case ? before : empty;
  const { ranked } = triage;
  const offered = ranked ? everyWindow(ranked).map(({ id, name, phone, phone_label, say, reason }) => ({ id, name, phone: phone || "", phone_label: phone_label || "", say: say || "", reason: reason || "" })) : [];
  const first = offered.slice(0, ranked && ranked.multi_agency ? 2 : 1);
  return {
    ...same,
    case: triage.case,
    taken: triage.handed,
    concern: triage.text.slice(0, $("#ho-concern").maxLength),
    cut: triage.text.length > $("#ho-concern").maxLength,
    areas: ranked ? ranked.areas.map(({ id }) => id) : [...triage.on],
    district: (ranked && ranked.place && ranked.place.district) || "",
    age: triage.age,
    household: triage.household,
    consent: triage.consent,
    situation: [...new Set([...triage.understood.situation, ...triage.flags_on])].filter((flag) => !triage.flags_off.includes(flag)),
    crisis: triage.understood.crisis,
    multi_agency: Boolean(ranked && ranked.multi_agency),
    talk: triage.talk,
    told: triage.model && triage.text.trim() ? { areas: triage.understood.areas.map(({ id, score }) => ({ id, score })), crisis: triage.understood.crisis, out_of_scope: triage.understood.out_of_scope, model: triage.model } : null,
    offered,
    windows: first.map(({ id }) => id),
    reason: first.map(({ name, reason }) => `${name}: ${reason}`).join("\n").slice(0, $("#ho-reason").maxLength),
  };
}

// Those of the ranking first, then whom the plan calls in beside them.
function everyWindow({ windows, multi_agency, programmes }) {
  const beside = [...(multi_agency ? [...multi_agency.coordinators, ...multi_agency.partners] : []), ...programmes.flatMap((one) => one.windows)];
  const all = [...windows.filter(({ id }) => id !== "emergency"), ...beside];
  return all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
}

function write() {
  FIELDS.forEach((name) => {
    $(`[data-field="${name}"]`).value = sheet[name] || "";
  });
  fill($("#ho-windows"), ...sheet.offered.map(({ id, name, phone }) => el("label", {}, el("input", { type: "checkbox", value: id }), `${name} ${phone}`)));
  tick("#ho-areas", sheet.areas);
  tick("#ho-household", sheet.household);
  tick("#ho-windows", sheet.windows);
  show();
}

function tick(group, ids) {
  document.querySelectorAll(`${group} input`).forEach((box) => {
    box.checked = ids.includes(box.value);
  });
}

function ticked(group) {
  return [...document.querySelectorAll(`${group} input:checked`)].map((box) => box.value);
}

function read() {
  FIELDS.forEach((name) => {
    sheet[name] = $(`[data-field="${name}"]`).value;
  });
  sheet.areas = ticked("#ho-areas");
  sheet.household = ticked("#ho-household");
  sheet.windows = ticked("#ho-windows");
  sheet.cut = false;
  // The person stays in the form: not even this tab's storage gets it.
  kept.save(sheet);
  show();
}

// Typed for the paper and in no storage: the browser asks before it is thrown away.
let unprinted = false;

function person() {
  return Object.fromEntries([...document.querySelectorAll("[data-person]")].map((field) => [field.dataset.person, field.value]));
}

function chosen() {
  return sheet.offered.filter(({ id }) => sheet.windows.includes(id));
}

function show() {
  $("#ho-count").textContent = String(sheet.areas.length);
  $("#ho-code").textContent = sheet.code;
  $("#ho-qr").src = `/staff/handoffs/${sheet.code}/qr.svg`;
  $("#ho-learn").textContent = sheet.talk ? "この会話の困りごとは、紙とPDFにだけのります。ここには残りません。" : "分野や最初の窓口を変えたときは、困りごと（名前などはかくします）を運用の人が読み、案内を直すのに使います。90日で消えます。";
  $("#ho-room").textContent = sheet.cut ? "長いので、途中までにしました。短くまとめてください" : "";
  showSheet(sheet, person(), chosen());
}

// What is kept: nothing of the person, and their words without the name that was typed beside them.
async function keep() {
  const who = person();
  const label = (id) => $(`#ho-areas input[value="${CSS.escape(id)}"]`)?.dataset.label || id;
  const { code, district, age, household, consent, crisis, multi_agency, situation, talk, told } = sheet;
  await post(
    `/api/v1/staff/handoffs/${code}`,
    {
      concern: withoutPerson(sheet.concern, who),
      reason: withoutPerson(sheet.reason, who),
      areas: sheet.areas.map((id) => ({ id, label: label(id) })),
      windows: chosen().map(({ id, name }) => ({ id, name })),
      district, age, household, consent, crisis, multi_agency, situation, talk, told,
    },
    { retry: true },
  );
  $("#ho-saved").textContent = `保存しました（番号 ${code}）。名前・住所・電話・生年月日は保存していません。`;
}

async function doing(button, work) {
  button.disabled = true;
  showTrouble($("#ho-trouble"), null);
  try {
    await keep();
    await work();
  } catch (error) {
    showTrouble($("#ho-trouble"), error);
  } finally {
    button.disabled = false;
  }
}

function print() {
  return doing($("#ho-print"), async () => {
    await post(`/api/v1/staff/handoffs/${sheet.code}/printed`);
    fitSheet();
    unprinted = false;
    window.print();
  });
}

function pdf() {
  return doing($("#ho-pdf"), async () => {
    const { code, concern, family, tried, wishes, reason, areas, district, age, household, consent, crisis, multi_agency } = sheet;
    const windows = chosen().map(({ name, phone, phone_label, say }) => ({ name, phone, phone_label, say }));
    const body = { concern, family, tried, wishes, reason, areas: areas.map((id) => ({ id })), windows, district, age, household, consent, crisis, multi_agency, person: person() };
    const answer = await post(`/api/v1/staff/handoffs/${code}/pdf`, body);
    const bytes = Uint8Array.from(atob(answer.pdf), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
    el("a", { href: address, download: answer.name }).click();
    unprinted = false;
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
}

function done() {
  return doing($("#ho-done"), () => {
    kept.drop();
    consoles.drop();
    form.reset();
    unprinted = false;
    location.assign("/staff/");
  });
}

form.addEventListener("input", read);
form.addEventListener("input", (event) => {
  if (event.target.dataset.person) unprinted = Object.values(person()).some((words) => words.trim());
});
window.addEventListener("beforeunload", (event) => {
  if (unprinted) event.preventDefault();
});
form.addEventListener("submit", (event) => event.preventDefault());
$("#ho-print").addEventListener("click", print);
$("#ho-pdf").addEventListener("click", pdf);
$("#ho-done").addEventListener("click", done);
shortcut("Ctrl+p", "印刷する", () => void print());
shortcut("Ctrl+s", "PDFで保存", () => void pdf());
shortcut("Ctrl+Enter", "保存して次の人へ", () => void done());
shortcut("Alt+b", "窓口に戻る", () => location.assign("/staff/"));
write();
kept.save(sheet);
$("#ho-name").focus();
