// The queue: one request after the other waits for news. The request itself tells the server that somebody is here.

import { post } from "./staff-api.js";
import { say } from "./staff-dom.js";
import { draft } from "./staff-draft.js";
import { numbered, shortcut } from "./staff-keys.js";
import { move, nth, showList } from "./queue-list.js";
import { sound, toggleSound } from "./queue-sound.js";
import { end, handBack, onChange, openConsole, showTalk, take } from "./queue-talk.js";

const API = "/api/v1/staff/queue/";
const AGAIN = 3000;
const REDRAW = 20000;
const page = crypto.randomUUID();
const kept = draft("queue-open");

let opened = kept.load();
let version = 0;
let talks = [];
let heard = null;
let asking = null;
let touched = true;

function open(id) {
  opened = id;
  if (id) kept.save(id);
  else kept.drop();
  refresh();
}

// Ask anew, at once.
function refresh() {
  version = 0;
  if (asking) asking.abort();
}

function arrived(answer) {
  const known = heard;
  heard = new Map(answer.talks.map((talk) => [talk.id, talk]));
  if (known) {
    const fresh = answer.talks.filter((talk) => {
      const old = known.get(talk.id);
      return talk.state === "waiting" && (!old || old.asked_at !== talk.asked_at || (old.reason !== talk.reason && talk.reason === "crisis") || old.state === "taken");
    });
    const written = answer.talks.filter((talk) => talk.mine && known.has(talk.id) && known.get(talk.id).last !== talk.last);
    if (fresh.length) {
      sound(fresh.some((talk) => talk.reason === "crisis"));
      say(fresh.some((talk) => talk.reason === "crisis") ? "いそぐ人が来ました" : "人と話したい人が来ました");
    } else if (written.length && (document.hidden || written.some((talk) => talk.id !== opened))) {
      sound(false);
    }
  }
  talks = answer.talks;
  showList(talks, opened, open);
  if (answer.talk) {
    const listed = heard.get(answer.talk.id);
    showTalk({ ...answer.talk, district: listed ? listed.district : null });
    if (answer.talk.gone) kept.drop();
  } else {
    showTalk(null);
  }
}

async function watch() {
  for (;;) {
    asking = new AbortController();
    const { signal } = asking;
    const asked = opened;
    const background = !touched;
    touched = false;
    try {
      const answer = await post(`${API}watch`, { page, talk: asked, version }, { signal, background, retry: true });
      if (asked === opened && !signal.aborted) {
        version = answer.version;
        arrived(answer);
      }
    } catch (error) {
      if (signal.aborted) continue;
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

// Whoever works on this page is not signed out for being idle; the page alone does not count.
["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, () => {
  touched = true;
}));
window.addEventListener("pagehide", () => {
  const headers = { "Content-Type": "application/json", "X-Unattended": "1" };
  fetch(`${API}away`, { method: "POST", headers, body: JSON.stringify({ page }), keepalive: true }).catch(() => {});
});
setInterval(() => showList(talks, opened, open), REDRAW);

shortcut("j", "次の人へ", () => move(1));
shortcut("k", "前の人へ", () => move(-1));
shortcut("t", "引き受ける", take);
shortcut("m", "音を鳴らす、止める", toggleSound);
shortcut("Alt+h", "窓口の画面で見る（分野、窓口、引き継ぎ）", openConsole);
shortcut("Alt+b", "つなぐに戻す", handBack);
shortcut("Alt+w", "終わる", end);
numbered("上からその番号の人を開く", (number) => {
  const item = nth(number);
  if (item) open(item.dataset.talk);
});

onChange(refresh);
showTalk(null);
watch();
