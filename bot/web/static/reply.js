// One reply as an article: the emergency first, then what is said, the windows, the places nearby, and what can be answered.

import { emergencyCard, engawaList, speech, windowCard } from "./cards.js";
import { button, el, icon } from "./dom.js";
import { waitingNote } from "./live.js";
import { today } from "./words.js";

function choices(message, onChoice) {
  const buttons = (message.buttons || []).map((choice) => button(choice.title, () => onChoice(choice.payload)));
  return buttons.length ? el("div", { class: "choices" }, ...buttons) : null;
}

function signature(windows) {
  return windows.map((window) => `${window.id} ${window.office} ${window.open}`).join("|");
}

function windowList(windows, seenBefore) {
  if (!windows.length) return null;
  const list = el("ol", { class: "windows" }, ...windows.map((window, index) => windowCard(window, index === 0 && !seenBefore)));
  if (!seenBefore) return el("section", { "aria-label": "相談できる窓口" }, list);
  return el("details", { class: "again" }, el("summary", {}, `さきほどの窓口をもう一度見る（${windows.length}か所）`), list);
}

// `before`: the reply shown last; windows that it already showed are folded away.
export function replyArticle(reply, before, { onChoice, onPrint }) {
  const triage = reply.triage || { windows: [], engawa: [], crisis: "none" };
  const shown = before && before.triage ? before.triage : { windows: [], engawa: [] };
  const emergency = triage.windows.filter((window) => window.id === "emergency");
  const windows = triage.windows.filter((window) => window.id !== "emergency");
  const again = signature(windows) === signature(shown.windows.filter((window) => window.id !== "emergency"));
  const engawaAgain = reply.kind !== "engawa" && JSON.stringify(triage.engawa) === JSON.stringify(shown.engawa);
  const [first, ...rest] = reply.messages;
  const crisis = triage.crisis !== "none";

  const parts = [
    ...emergency.map((window) => emergencyCard(window, triage.crisis)),
    ...(crisis ? reply.messages : [first]).filter(Boolean).map((message) => speech(message.text)),
    waitingNote(reply.live),
    windowList(windows, again),
    triage.engawa.length && !engawaAgain ? engawaList(triage.engawa) : null,
    ...(crisis ? reply.messages.map((message) => choices(message, onChoice)) : first ? [choices(first, onChoice)] : []),
    ...(crisis ? [] : rest).flatMap((message) => [speech(message.text), choices(message, onChoice)]),
  ].filter(Boolean);

  const result = triage.windows.length > 0 && !again;
  const article = el("article", { class: `turn reply${crisis ? " crisis" : ""}${result ? " result" : ""}`, "aria-label": "つなぐの返事" }, ...parts);
  if (result && onPrint) {
    article.prepend(el("p", { class: "print-only" }, `つなぐ（藤沢市のくらしの困りごと案内） ${today()}の案内`));
    article.append(el("button", { type: "button", class: "print", click: () => onPrint(article) }, icon("print"), "この結果を印刷"));
  }
  return article;
}

export function ownArticle(text) {
  return el("article", { class: "turn you", "aria-label": "あなた" }, el("p", {}, text));
}
