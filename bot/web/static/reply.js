// What stands before the first message; and one reply as an article: the emergency first, then what is said, the windows, the places nearby, and what can be answered.

import { emergencyCard, engawaList, hotlineList, speech, windowCard } from "./cards.js";
import { button, el, icon } from "./dom.js";
import { waitingNote } from "./live.js";
import { today, trouble } from "./words.js";

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

// Instead of an answer: why there is none, and the numbers that work all the same.
export function failureArticle(status, hotlines, onRetry) {
  return el(
    "article",
    { class: "turn failed", "aria-label": "送れませんでした" },
    el("p", {}, trouble(status)),
    button("もう一度送る", onRetry, "retry"),
    el("p", { class: "note" }, "いそぐときは、電話が使えます。"),
    hotlineList(hotlines),
  );
}

export function welcomeSection(guide, onExample) {
  const examples = guide.examples.map((example) => el("li", {}, button(example, () => onExample(example))));
  return el(
    "div",
    { class: "welcome" },
    el("p", { class: "privacy" }, guide.privacy),
    el("h2", { id: "tsunagu-examples" }, "たとえば、こんなこと"),
    el("ul", { class: "examples", "aria-labelledby": "tsunagu-examples" }, ...examples),
  );
}
