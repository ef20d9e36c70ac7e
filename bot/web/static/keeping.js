// A resident asks by code that a conversation be deleted. Found first, then deleted: two steps, never the words.

import { post } from "./staff-api.js";
import { $, el, fill, say, showTrouble } from "./staff-dom.js";

const API = "/api/v1/staff/keeping";

const form = $("#find");
const trouble = $(".trouble", form);
const found = $("#found");
const done = $("#done");
let code = null;

function hide() {
  found.hidden = true;
  code = null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  hide();
  done.textContent = "";
  showTrouble(trouble, null);
  try {
    const answer = await post(`${API}/find`, { code: $("#code").value }, { retry: true });
    code = answer.code;
    const facts = answer.found.flatMap((one) => [
      el("dt", {}, "番号"),
      el("dd", {}, answer.code),
      el("dt", {}, "はじまり"),
      el("dd", {}, one.started),
      el("dt", {}, "最後"),
      el("dd", {}, one.last),
      el("dt", {}, "発言"),
      el("dd", {}, `${one.turns} 回`),
    ]);
    fill($(".facts", found), ...facts);
    found.hidden = false;
    $("#erase").focus();
    say("会話が見つかりました");
  } catch (error) {
    showTrouble(trouble, error);
  }
});

$("#erase").addEventListener("click", async () => {
  try {
    await post(`${API}/erase`, { code });
    done.textContent = `${code} の会話を消しました。`;
    form.reset();
  } catch (error) {
    showTrouble(trouble, error);
  }
  hide();
  $("#code").focus();
});

$("#leave").addEventListener("click", () => {
  hide();
  $("#code").focus();
});
