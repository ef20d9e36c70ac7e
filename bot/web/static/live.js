// A person in the conversation: waiting for one, reading what they write. One request after the other waits for news.

import { hotlineList, speech } from "./cards.js";
import { el, fill } from "./dom.js";

const PATIENCE = 40000;
const SOON = 1000;
const LATEST = 15000;
const ACTIVE = ["waiting", "taken"];

const EVENTS = {
  joined: "職員（人）が来ました。ここからは、つなぐではなく、職員（人）が読んで書きます。",
  handed_back: "職員が離れました。ここからは、また、つなぐ（自動の案内）が答えます。",
  ended: "職員との話は終わりました。また書けば、つなぐ（自動の案内）が答えます。",
  vanished: "職員の画面が切れました。ほかの職員を待っています。そのあいだは、つなぐ（自動の案内）が答えます。",
};

// What a person wrote, or that a person came or went: said = {from, text} or {event}.
export function personArticle(said) {
  if (said.event) return el("p", { class: "turn event" }, EVENTS[said.event] || "");
  const words = speech(said.text);
  words.className = "words";
  return el("article", { class: "turn person", "aria-label": "職員（人）" }, el("p", { class: "who" }, "職員（人）が書いています"), words);
}

// Under the answer to somebody who asked for a person: whether one is there, and which lines answer now.
export function waitingNote(live) {
  if (!live || live.state !== "waiting" || !live.note) return null;
  return el("div", { class: "live" }, el("p", {}, live.note), !live.staffed && live.lines.length ? hotlineList(live.lines) : null);
}

const STANDING = {
  taken: ["職員（人）とつながっています", "いまは、職員（人）が書いています。つなぐ（自動の案内）は休んでいます。"],
  staffed: ["職員の順番待ち", "職員に知らせてあります。職員が書くときは、ここに出ます。"],
  alone: ["職員の順番待ち", "いま、ここで文字を返せる職員はいません。職員が来て書くときは、ここに出ます。"],
};

export class Live {
  // place: where it is said how things stand. onSaid: called with each thing said. memory, api: the conversation's.
  constructor({ place, memory, api, onSaid }) {
    this.place = place;
    this.memory = memory;
    this.api = api;
    this.onSaid = onSaid;
    this.listening = false;
    this.pause = null;
    // Phones stop what runs in a page that is not looked at.
    document.addEventListener("visibilitychange", () => !document.hidden && this.pause && this.pause());
    window.addEventListener("online", () => this.pause && this.pause());
    this.show();
    this.listen();
  }

  get taken() {
    const { live } = this.memory.state;
    return Boolean(live && live.state === "taken");
  }

  // standing: the `live` of a reply.
  heard(standing) {
    if (!standing) return;
    const talk = this.memory.state;
    talk.live = Object.assign(talk.live || { after: 0, version: 0 }, standing);
    this.show();
    this.listen();
  }

  async listen() {
    if (this.listening) return;
    this.listening = true;
    let wait = SOON;
    for (;;) {
      const talk = this.memory.state;
      const { live } = talk;
      if (!live || !ACTIVE.includes(live.state)) break;
      try {
        const news = await this.api.post("api/v1/listen", { conversation: talk.conversation, after: live.after, version: live.version }, PATIENCE);
        wait = SOON;
        if (talk !== this.memory.state) continue;
        this.arrived(talk, news);
      } catch (error) {
        if (talk === this.memory.state) this.show("いま、インターネットにつながっていません。つながったら、つづきが出ます。");
        await new Promise((resolve) => {
          this.pause = resolve;
          setTimeout(resolve, wait);
        });
        this.pause = null;
        wait = Math.min(wait * 2, LATEST);
      }
    }
    this.listening = false;
  }

  arrived(talk, news) {
    const { messages, ...standing } = news;
    talk.live = Object.assign({ after: 0, version: 0 }, talk.live, standing);
    for (const { from, text, event } of messages) this.onSaid(event ? { event } : { from, text });
    this.memory.save();
    this.show();
  }

  show(trouble) {
    const { live } = this.memory.state;
    const active = Boolean(live && ACTIVE.includes(live.state));
    this.place.hidden = !active;
    if (!active) {
      fill(this.place);
      return;
    }
    const [title, words] = STANDING[live.state === "taken" ? "taken" : live.staffed ? "staffed" : "alone"];
    const shown = trouble || words;
    // Said again only when it is something else: a screen reader reads it out.
    if (this.place.dataset.shown === shown && this.place.firstChild) return;
    this.place.dataset.shown = shown;
    this.place.className = live.state === "taken" ? "live taken" : "live";
    fill(this.place, el("p", {}, el("b", {}, title), " ", shown));
  }

  // The resident goes: nobody shall wait for an answer.
  leave(conversation) {
    if (conversation) this.api.tell("api/v1/listen", { conversation, leave: true });
  }
}
