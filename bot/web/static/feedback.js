// 「役に立った」「立たなかった」 under an answer that named windows: one tap, no words. Never in a crisis.

import { button, el, fill } from "./dom.js";

const ASKED_AFTER = ["route", "correct", "other_window"];

// send(helpful): tells the server; rejects when it did not arrive.
export function feedbackRow(reply, send) {
  const triage = reply.triage;
  if (!ASKED_AFTER.includes(reply.kind) || !triage || triage.crisis !== "none" || !triage.windows.length) return null;
  // The rules alone answered: there is nothing to learn from.
  if (reply.model === "safety") return null;
  const row = el("div", { class: "helped", role: "group", "aria-label": "この案内は役に立ちましたか" });
  const say = async (helpful) => {
    row.querySelectorAll("button").forEach((one) => {
      one.disabled = true;
    });
    try {
      await send(helpful);
      fill(row, el("p", { role: "status" }, helpful ? "ありがとうございます。" : "ありがとうございます。ちがうところを書いてくだされば、もう一度さがします。"));
    } catch (error) {
      ask("送れませんでした。もう一度押せます。");
    }
  };
  const ask = (words) => fill(row, el("p", {}, words), button("役に立った", () => say(true)), button("立たなかった", () => say(false)));
  ask("この案内は");
  return row;
}
