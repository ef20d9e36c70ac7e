// One conversation: walk through its turns, note what would have been right, make examples.

import { post } from "./staff-api.js";
import { $, button, el, fill, say, showTrouble } from "./staff-dom.js";
import { shortcut } from "./staff-keys.js";
import { LabelPanel } from "./review-label.js";

const talk = $("#talk");
const path = `/api/v1/staff/review/talks/${talk.dataset.id}`;
const turns = [...document.querySelectorAll(".turn")];
const trouble = $("#trouble");
let at = -1;

const panel = new LabelPanel({ labelled, exampled });

function choose(next, { scroll = true } = {}) {
  if (at >= 0) turns[at].classList.remove("current");
  at = Math.min(Math.max(next, 0), turns.length - 1);
  const turn = turns[at];
  turn.classList.add("current");
  if (scroll) turn.scrollIntoView({ block: "nearest" });
  panel.show(turn.dataset.id, JSON.parse(turn.dataset.turn), at + 1);
}

// The list of what was decided is drawn again from the server's answer.
function labelled(id, labels, now) {
  const turn = turns.find((one) => one.dataset.id === id);
  const data = { ...JSON.parse(turn.dataset.turn), now, decided: true };
  turn.dataset.turn = JSON.stringify(data);
  const list = $(".labels", turn);
  fill(list, ...labels.map((label, index) => {
    const stands = index === labels.length - 1;
    return el(
      "li",
      { class: stands ? "stands" : null },
      el("b", {}, label.what),
      el("small", {}, ` ${label.who} ${label.at}${stands ? "（これが有効）" : ""}`),
      label.reason ? el("span", { class: "reason" }, label.reason) : null,
    );
  }));
  list.hidden = false;
}

function exampled(id, example, text) {
  const list = $(".made", turns.find((one) => one.dataset.id === id));
  list.append(el("li", { "data-id": String(example) }, el("span", { class: "tag" }, "例文"), ` ${text} `, button("取り下げる", null, "quiet withdraw")));
  list.hidden = false;
}

async function change(where, body, done) {
  try {
    done(await post(`${path}/${where}`, body, { retry: true }));
    showTrouble(trouble, null);
  } catch (error) {
    showTrouble(trouble, error);
  }
}

function toggle(element, where, words) {
  const on = element.getAttribute("aria-pressed") !== "true";
  return change(where, { [where]: on }, () => {
    element.setAttribute("aria-pressed", String(on));
    say(on ? words : "取り消しました");
  });
}

$("#turns").addEventListener("click", async (event) => {
  const turn = event.target.closest(".turn");
  const withdraw = event.target.closest(".withdraw");
  if (withdraw) {
    const item = withdraw.closest("li");
    try {
      await post(`/api/v1/staff/review/examples/${item.dataset.id}/withdraw`);
      item.remove();
      say("取り下げました");
    } catch (error) {
      showTrouble(trouble, error);
    }
  } else if (turn && turns.indexOf(turn) !== at && !event.target.closest("summary")) {
    choose(turns.indexOf(turn), { scroll: false });
  }
});

const reviewed = $("#reviewed");
const saved = $("#saved");
reviewed.addEventListener("click", () => toggle(reviewed, "reviewed", "見おわった"));
saved.addEventListener("click", () => toggle(saved, "saved", "あとで見る"));

const tags = $("#tags");
tags.addEventListener("click", (event) => {
  const tag = event.target.closest("button");
  if (!tag) return;
  const chosen = [...tags.children].filter((one) => (one === tag) !== (one.getAttribute("aria-pressed") === "true"));
  change("tags", { tags: chosen.map((one) => one.dataset.tag) }, () => {
    tag.setAttribute("aria-pressed", String(chosen.includes(tag)));
  });
});

$("#note-form").addEventListener("submit", (event) => {
  event.preventDefault();
  change("note", { note: $("#note").value }, (answer) => {
    $("#note").value = answer.note;
    $("#note-done").textContent = "残しました";
  });
});
$("#note").addEventListener("input", () => {
  $("#note-done").textContent = "";
});

function follow(selector) {
  const link = $(selector);
  if (link) link.click();
}

shortcut("j", "次の発言", () => choose(at + 1));
shortcut("k", "前の発言", () => choose(at - 1));
shortcut("n", "次の会話", () => follow("#older"));
shortcut("p", "ひとつ新しい会話", () => follow("#newer"));
shortcut("u", "一覧へもどる", () => follow("#back"));
shortcut("r", "見おわった", () => reviewed.click());
shortcut("s", "あとで見る", () => saved.click());

const wanted = turns.findIndex((turn) => `#${turn.id}` === location.hash);
choose(wanted >= 0 ? wanted : 0, { scroll: wanted >= 0 });
