// One talk: everything said in it, masked, and the field for whoever took it.

import { post } from "./staff-api.js";
import { $, composing, el, fill, say, showTrouble } from "./staff-dom.js";
import { draft } from "./staff-draft.js";
import { clock, CRISES, event } from "./queue-words.js";

const API = "/api/v1/staff/queue/";
const WHO = { resident: "相談した人", bot: "つなぐ", staff: "職員（人）" };
const about = $("#queue-about");
const lines = $("#queue-lines");
const trouble = $("#queue-trouble");
const before = $("#queue-before");
const toConsole = $("#queue-case");
const form = $("#queue-write");
const text = $("#queue-text");

let talk = null;
let sending = null;
let warned = "";
let refresh = () => {};

export function onChange(run) {
  refresh = run;
}

function written(id) {
  return draft(`queue-${id}`);
}

function line(one) {
  if (one.from === "system") return el("p", { class: "queue-event" }, el("time", { datetime: one.at }, clock(one.at)), " ", event(one.text));
  const crisis = one.crisis !== "none" ? el("span", { class: "queue-tag urgent" }, `注意: ${CRISES[one.crisis] || "危険"}`) : null;
  return el(
    "div",
    { class: `queue-line ${one.from}${crisis ? " danger" : ""}` },
    el("p", { class: "queue-who" }, WHO[one.from], " ", el("time", { datetime: one.at }, clock(one.at)), " ", crisis),
    el("p", { class: "queue-said" }, one.text),
  );
}

function heading(shown) {
  const crisis = shown.crisis !== "none" ? el("p", { class: "alarm" }, `いそぐ: ${CRISES[shown.crisis] || "危険"}。電話の番号は、相手の画面に出ています。`) : null;
  const windows = shown.windows.filter((window) => window.phone).slice(0, 3);
  const facts = [
    shown.areas.length ? [el("dt", {}, "分野"), el("dd", {}, shown.areas.join("、"))] : [],
    windows.length ? [el("dt", {}, "案内した窓口"), el("dd", {}, windows.map((window) => `${window.name} ${window.phone}`).join("、"))] : [],
    shown.here ? [] : [el("dt", {}, "相手"), el("dd", {}, "画面を閉じたようです。書いても、届かないことがあります。")],
  ].flat();
  fill(about, ...[el("h2", {}, shown.district ? `${shown.district}の人との会話` : "会話"), crisis, facts.length ? el("dl", { class: "facts" }, ...facts) : null].filter(Boolean));
}

export function showTalk(shown) {
  const other = !talk || !shown || talk.id !== shown.id;
  if (other) {
    if (talk) keep();
    showTrouble(trouble, null);
    warned = "";
  }
  const wasMine = Boolean(talk && !other && talk.mine);
  const known = other || !talk.lines ? 0 : talk.lines.length;
  talk = shown;
  if (!shown || shown.gone) {
    fill(about, el("h2", {}, "会話"));
    fill(lines, el("p", { class: "soft" }, shown ? "この会話は、相談した人が消しました。ここにも残っていません。" : "左から選ぶと、ここに会話が出ます。"));
    if (shown) written(shown.id).drop();
    [before, form, toConsole].forEach((part) => {
      part.hidden = true;
    });
    return;
  }
  heading(shown);
  if (known !== shown.lines.length || other) {
    const below = other || lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80;
    fill(lines, ...shown.lines.map(line));
    if (below) lines.scrollTop = lines.scrollHeight;
    if (known) shown.lines.slice(known).filter((one) => one.from === "resident").forEach((one) => say(one.text));
  }
  // In a tab of its own: this one goes on holding the talk.
  toConsole.href = `/staff/?talk=${encodeURIComponent(shown.id)}`;
  toConsole.hidden = false;
  before.hidden = shown.state !== "waiting";
  form.hidden = !shown.mine;
  if (shown.mine && (other || !wasMine)) {
    text.value = written(shown.id).load() || "";
    text.focus();
  }
  if (wasMine && !shown.mine && text.value.trim()) {
    showTrouble(trouble, { message: "担当ではなくなりました。書きかけは、この画面に残してあります。また引き受けると出てきます。" });
  }
}

function keep() {
  if (!talk || !talk.mine || talk.gone) return;
  if (text.value) written(talk.id).save(text.value);
  else written(talk.id).drop();
}

async function act(path, body, done) {
  const { id } = talk;
  try {
    showTrouble(trouble, null);
    const answer = await post(API + path, { talk: id, ...body });
    if (done) done(answer, id);
  } catch (error) {
    if (talk && talk.id === id) showTrouble(trouble, error);
  }
  refresh();
}

export function take() {
  if (!talk || talk.gone || talk.state !== "waiting") return false;
  act("take", {});
  return true;
}

// The key stays the same until it arrived: sent again over a bad line, it is one message.
async function send() {
  const words = text.value.trim();
  if (!words || !talk || !talk.mine) return;
  if (!sending || sending.words !== words || sending.talk !== talk.id) sending = { words, talk: talk.id, key: crypto.randomUUID() };
  const { key } = sending;
  await act("say", { text: words, key }, (answer, id) => {
    sending = null;
    written(id).drop();
    if (talk && talk.id === id && text.value.trim() === words) text.value = "";
    if (answer.text !== words) showTrouble(trouble, { message: `名前や番号をかくして送りました: ${answer.text}` });
  });
}

// Words that were not sent are not thrown away at the first press.
function leave(path, button) {
  if (!talk || !talk.mine) return false;
  if (text.value.trim() && warned !== path) {
    warned = path;
    showTrouble(trouble, { message: `書きかけがあります。送らずに続けるときは、もう一度「${button}」を押してください。` });
    return true;
  }
  warned = "";
  act(path, {}, (_, id) => {
    text.value = "";
    written(id).drop();
  });
  return true;
}

export function openConsole() {
  if (toConsole.hidden) return false;
  toConsole.click();
  return true;
}

export const handBack = () => leave("back", "つなぐに戻す");
export const end = () => leave("end", "終わる");

$("#queue-take").addEventListener("click", take);
$("#queue-back").addEventListener("click", handBack);
$("#queue-end").addEventListener("click", end);
form.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  send();
});
text.addEventListener("input", () => {
  warned = "";
  keep();
});
text.addEventListener("keydown", (pressed) => {
  if (composing(pressed) || pressed.key !== "Enter" || pressed.shiftKey) return;
  pressed.preventDefault();
  send();
});
