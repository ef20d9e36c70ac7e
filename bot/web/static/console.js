// The triage console: what is heard is typed; areas, warning and windows follow.

import { post } from "./staff-api.js";
import { $, button, fill, say } from "./staff-dom.js";
import { numbered, shortcut } from "./staff-keys.js";
import { label, offered, showAreas } from "./console-areas.js";
import { Asking } from "./console-asking.js";
import { active, blank, drop, isBlank, load, save, toggleArea, toggleFlag, toggleMember } from "./console-choices.js";
import { mark } from "./console-mirror.js";
import { showCrisis, showNothing, showRanked } from "./console-result.js";

const HARD_TO_REACH = { flag: "hard_to_reach", name: "こばんでいる・会えない・出られない" };
const text = $("#co-text");
const fields = { place: $("#co-place"), age: $("#co-age"), consent: $("#co-consent") };
let state = load();

const asking = new Asking({
  busy: () => tell("読んでいます…", true),
  shown(answer, milliseconds) {
    if (answer.understood) Object.assign(state, { understood: answer.understood, model: answer.model });
    state.ranked = answer.ranked;
    save(state);
    draw();
    const at = new Date().toLocaleTimeString("ja-JP");
    const away = answer.model === "safety" ? "案内のエンジンが休んでいます。分野は手で足してください。" : "";
    tell(`${away}${at} の答え（${Math.round(milliseconds)}ミリ秒）`, false);
  },
  failed: (error) => tell(`${error.message}下は、ひとつ前の答えです。`, true),
});

function tell(words, isOld) {
  $("#co-state").textContent = words;
  $("#co-answer").classList.toggle("old", isOld);
}

function draw() {
  showAreas(state, (id) => change(() => toggleArea(state, id)));
  const on = active(state);
  const evidence = state.understood.areas.filter((area) => on.includes(area.id)).flatMap((area) => area.evidence);
  mark([...state.understood.alarming.map((words) => ({ words, kind: "danger" })), ...evidence.map((words) => ({ words, kind: "area" }))]);
  Object.entries(fields).forEach(([name, field]) => {
    if (field.value !== state[name]) field.value = state[name];
  });
  document.querySelectorAll("#co-household button").forEach((one) => one.setAttribute("aria-pressed", String(state.household.includes(one.dataset.id))));
  const empty = isBlank(state) || !state.ranked;
  $("#co-hint").hidden = !empty;
  if (empty) {
    showNothing();
    fill($("#co-conditions"), ...conditions({ conditions: [], hard_to_reach: state.flags_on.includes(HARD_TO_REACH.flag) }));
  } else {
    showCrisis(state.ranked.crisis);
    showRanked(state.ranked);
    fill($("#co-conditions"), ...conditions(state.ranked));
  }
}

function conditions(ranked) {
  const shown = [{ ...HARD_TO_REACH, holds: ranked.hard_to_reach }, ...ranked.conditions.filter((one) => one.flag !== HARD_TO_REACH.flag)];
  return shown.map(({ flag, name, holds }) => {
    const one = button(name, () => {
      change(() => toggleFlag(state, flag, holds));
      requestAnimationFrame(() => $(`#co-conditions [data-id="${flag}"]`)?.focus());
    });
    one.setAttribute("aria-pressed", String(holds));
    one.dataset.id = flag;
    return one;
  });
}

// Something beside the text changed.
function change(run) {
  run();
  save(state);
  draw();
  if (isBlank(state)) {
    asking.forget();
    tell("", false);
  } else asking.choice(state);
}

function changeText() {
  state.text = text.value;
  if (!state.text.trim()) state.understood = blank().understood;
  save(state);
  if (isBlank(state)) {
    asking.forget();
    draw();
    tell("", false);
  } else if (state.text.trim()) {
    draw();
    asking.text(state);
  } else change(() => {});
}

function startAgain() {
  asking.forget();
  state = blank();
  drop();
  text.value = "";
  draw();
  tell("", false);
  text.focus();
  say("消しました。次の人の話を書けます。");
}

// A conversation of the queue, opened from there in a tab of its own.
async function takeCase(talk) {
  history.replaceState(null, "", location.pathname);
  if (!isBlank(state)) {
    tell("書きかけがあるので、会話を写していません。「次の人へ」のあとで、順番待ちから、もう一度開いてください。", false);
    return;
  }
  tell("会話を読んでいます…", true);
  try {
    const { text: words, understood, ranked, model } = await post("/api/v1/staff/case", { talk }, { retry: true });
    state = { ...blank(), talk, text: words, understood, ranked, model };
    text.value = words;
    save(state);
    draw();
    tell("順番待ちの会話を写しました。名前などは、かくれています。", false);
  } catch (error) {
    tell(error.message, false);
  }
}

function handOff() {
  state.handed += 1;
  save(state);
  location.assign("/staff/handoffs/new");
}

text.addEventListener("input", (event) => {
  if (event.isComposing) mark([]);
  else changeText();
});
text.addEventListener("compositionend", changeText);
Object.entries(fields).forEach(([name, field]) =>
  field.addEventListener(name === "place" ? "input" : "change", () =>
    change(() => {
      state[name] = field.value;
    }),
  ),
);
$("#co-area").addEventListener("change", (event) => {
  const id = event.target.value;
  event.target.value = "";
  if (id && !active(state).includes(id)) change(() => toggleArea(state, id));
});
document.querySelectorAll("#co-household button").forEach((one) => one.addEventListener("click", () => change(() => toggleMember(state, one.dataset.id))));
$("#co-handoff").addEventListener("click", handOff);
$("#co-again").addEventListener("click", startAgain);

numbered("その番号の分野を入れる・外す", (number) => {
  const id = offered(state)[number - 1];
  if (!id) return;
  change(() => toggleArea(state, id));
  say(`${label(id)}を${active(state).includes(id) ? "入れました" : "外しました"}。`);
});
shortcut("Alt+t", "聞いたことを書く", () => text.focus());
shortcut("Alt+a", "分野を足す", () => $("#co-area").focus());
shortcut("Alt+p", "住んでいるところ", () => fields.place.focus());
shortcut("Alt+n", "年齢", () => fields.age.focus());
shortcut("Alt+k", "世帯", () => $("#co-household button").focus());
shortcut("Alt+y", "ようす", () => $("#co-conditions button").focus());
shortcut("Alt+c", "同意", () => fields.consent.focus());
shortcut("Alt+w", "案内する窓口を読む", () => $("#co-answer").focus());
shortcut("Ctrl+Enter", "引き継ぎシートへ", handOff);
shortcut("Alt+r", "次の人へ（消す）", startAgain);

text.value = state.text;
draw();
const opened = new URLSearchParams(location.search).get("talk");
if (opened) takeCase(opened);
// Of a conversation the areas are those that its resident was told of, until the words are changed here.
else if (state.text.trim() && !state.talk) asking.text(state, 0);
else if (!isBlank(state)) asking.choice(state);
text.focus();
