// The resident's page: the conversation in its place, the quick exit, and printing.

import { Chat } from "./chat.js";

const guide = JSON.parse(document.getElementById("guide").textContent);
const root = document.getElementById("chat");

function onPaper(article) {
  document.querySelectorAll(".to-print").forEach((old) => old.classList.remove("to-print"));
  if (!article) return;
  article.classList.add("to-print");
  article.querySelectorAll("details").forEach((details) => {
    details.open = true;
  });
}

function print(article) {
  onPaper(article);
  window.print();
}

root.textContent = "";
const chat = new Chat(root, { base: "/", guide, scale: document.body, print });

// Printing from the browser's own menu prints the latest result, never the whole conversation.
window.addEventListener("beforeprint", () => {
  if (root.querySelector(".to-print")) return;
  const results = root.querySelectorAll(".result");
  onPaper(results[results.length - 1]);
});
window.addEventListener("afterprint", () => onPaper(null));

document.getElementById("exit").addEventListener("click", (event) => {
  event.preventDefault();
  chat.leave();
});
chat.leaveOnDoubleEscape(document);
