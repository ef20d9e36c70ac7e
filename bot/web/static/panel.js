// The widget's panel on another site: the same conversation in a small window of its own.

import { hotlineList } from "./cards.js";
import { Chat } from "./chat.js";
import { button, el, icon } from "./dom.js";

export function openPanel(shadow, { base, guide, onClose }) {
  const root = el("div", { class: "tsunagu" });
  const exit = el("button", { type: "button", class: "exit" }, icon("close"), "すぐに閉じる");
  const panel = el(
    "section",
    { class: "panel", role: "dialog", "aria-label": "つなぐ: 困りごとの案内" },
    el("header", {}, el("b", {}, "つなぐ"), exit, button("たたむ", onClose, "fold")),
    el(
      "div",
      { class: "inside" },
      el("p", { class: "greeting" }, `${guide.welcome}。${guide.greeting}`),
      el("section", { class: "urgent", "aria-label": "いそぐときの電話" }, hotlineList(guide.hotlines)),
      root,
    ),
  );
  shadow.append(panel);
  const chat = new Chat(root, { base, guide, scale: panel });
  exit.addEventListener("click", () => chat.leave());
  chat.leaveOnDoubleEscape(panel);
  return panel;
}
