// The conversation: shared by the page and by the widget on other sites.

import { Api, Trouble } from "./api.js";
import { Composer } from "./composer.js";
import { button, composing, el, fill } from "./dom.js";
import { feedbackRow } from "./feedback.js";
import { Live, personArticle } from "./live.js";
import { Memory } from "./memory.js";
import { failureArticle, ownArticle, replyArticle, welcomeSection } from "./reply.js";

const TWICE = 1200;
const INTERRUPTED = -1;

export class Chat {
  // root: empty element to fill. base: address of the service, ending in "/". guide: what the server tells before the first message.
  // scale: element that gets the class for large letters. print: shows one article on paper, where the place allows it.
  constructor(root, { base, guide, scale, print }) {
    this.root = root;
    this.guide = guide;
    this.print = print;
    this.api = new Api(base);
    this.memory = new Memory();
    this.queue = Promise.resolve();
    this.pending = new Set();
    this.composer = new Composer({
      memory: this.memory,
      scale,
      onSend: (text) => this.send(text),
      onStartOver: () => this.startOver(),
      onErase: () => this.erase(),
    });
    this.build();
    this.restore();
    this.live = new Live({ place: this.standing, memory: this.memory, api: this.api, onSaid: (said) => this.personSaid(said) });
  }

  build() {
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "やりとり" });
    this.standing = el("div", { class: "live", role: "status", hidden: true });
    this.thinking = el("p", { class: "thinking", role: "status" });
    const welcome = welcomeSection(this.guide, (example) => this.send(example));
    this.root.append(el("div", { class: "talk" }, welcome, this.log, this.standing, this.thinking), this.composer.form);
  }

  restore() {
    // A screen reader should not read out the whole conversation again after a reload.
    this.log.setAttribute("aria-live", "off");
    const { turns } = this.memory.state;
    turns.forEach((turn) => this.show(turn));
    this.refresh();
    this.composer.restore();
    if (turns.length) this.reveal(this.log.lastElementChild);
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 300);
  }

  // A turn is {text, reply, failed}: what was written, the answer, and why there is none; or {said}: what a person wrote.
  show(turn) {
    if (turn.said) {
      const article = personArticle(turn.said);
      this.log.append(article);
      return article;
    }
    const own = ownArticle(turn.text);
    this.log.append(own);
    if (turn.reply) this.showReply(turn, own);
    else this.showFailure(turn, own, turn.failed === undefined ? INTERRUPTED : turn.failed);
    return own;
  }

  personSaid(said) {
    const turn = { said };
    this.memory.state.turns.push(turn);
    this.reveal(this.show(turn));
  }

  showReply(turn, own) {
    // To what is written to a person, the service itself says nothing.
    if (turn.reply.live && turn.reply.live.state === "taken" && !turn.reply.messages.length) return own;
    const turns = this.memory.state.turns;
    const earlier = turns.slice(0, turns.indexOf(turn)).filter((one) => one.reply);
    const before = earlier.length ? earlier[earlier.length - 1].reply : null;
    const article = replyArticle(turn.reply, before, { onChoice: (text) => this.send(text), onPrint: this.print });
    // Only the rules answered, without the assistant: the same words may get a better answer in a moment.
    if (turn.reply.model === "safety" && turn.reply.kind === "clarify") {
      article.append(button("もう一度送る", () => this.send(turn.text), "retry"));
    }
    // Only the newest answer is asked about: that is the one the server takes it for.
    this.log.querySelectorAll(".helped").forEach((old) => old.remove());
    const row = turn.helped === undefined ? feedbackRow(turn.reply, (helpful) => this.helped(turn, helpful)) : null;
    if (row) article.append(row);
    own.after(article);
    return article;
  }

  async helped(turn, helpful) {
    await this.api.feedback(turn.reply.conversation, helpful);
    turn.helped = helpful;
    this.memory.save();
  }

  showFailure(turn, own, status) {
    turn.failed = status;
    const note = failureArticle(status, this.guide.hotlines, () => {
      note.remove();
      this.composer.back();
      this.deliver(turn, own);
    });
    own.after(note);
    return note;
  }

  send(text) {
    const turn = { text, reply: null };
    this.memory.state.turns.push(turn);
    this.memory.save();
    const own = ownArticle(text);
    this.log.append(own);
    this.refresh();
    this.composer.sent();
    this.deliver(turn, own);
  }

  // One message after the other: the first answer brings the conversation's id that the second needs.
  deliver(turn, own) {
    const talk = this.memory.state;
    this.pending.add(turn);
    this.waiting();
    this.reveal(own);
    this.queue = this.queue.then(async () => {
      let shown = null;
      try {
        const reply = await this.api.chat(talk.conversation, turn.text);
        if (talk !== this.memory.state) {
          // Erased while the answer was on its way: the server may only now have written it.
          if (talk.erased) this.api.erase(reply.conversation).catch(() => {});
          return;
        }
        talk.conversation = reply.conversation;
        talk.code = reply.code;
        turn.reply = reply;
        delete turn.failed;
        shown = this.showReply(turn, own);
        this.live.heard(reply.live);
      } catch (error) {
        if (talk !== this.memory.state) return;
        shown = this.showFailure(turn, own, error instanceof Trouble ? error.status : 0);
      } finally {
        this.pending.delete(turn);
        this.waiting();
      }
      this.memory.save();
      this.reveal(shown.classList.contains("crisis") ? shown : own);
    });
  }

  waiting() {
    const words = this.live && this.live.taken ? "送っています" : "考えています";
    fill(this.thinking, ...(this.pending.size ? [words, el("span", { class: "dots", "aria-hidden": "true" })] : []));
  }

  reveal(article) {
    article.scrollIntoView({ block: "start" });
  }

  refresh() {
    this.root.classList.toggle("started", this.memory.state.turns.length > 0);
  }

  startOver() {
    const talk = this.memory.state;
    if (talk.live && !talk.erased) this.live.leave(talk.conversation);
    this.memory.clear();
    this.live.show();
    fill(this.log);
    this.pending.clear();
    this.waiting();
    this.refresh();
    this.composer.clear();
  }

  async erase() {
    const talk = this.memory.state;
    const conversation = talk.conversation;
    talk.erased = true;
    this.startOver();
    let words = "消しました。ここにも、サーバーにも残っていません。";
    if (conversation) {
      try {
        await this.api.erase(conversation);
      } catch (error) {
        words = "この画面からは消しました。サーバーに届かなかったため、サーバーの分は90日以内に消えます。";
      }
    }
    fill(this.thinking, words);
  }

  // Away from here at once, leaving nothing in this tab; "back" does not lead here again.
  leave() {
    const { live, conversation } = this.memory.state;
    if (live) this.live.leave(conversation);
    this.memory.leave();
    document.documentElement.hidden = true;
    document.title = "天気予報";
    location.replace(this.guide.exit);
  }

  leaveOnDoubleEscape(target) {
    let last = -TWICE;
    target.addEventListener("keydown", (event) => {
      if (composing(event) || event.key !== "Escape") return;
      if (event.timeStamp - last < TWICE) this.leave();
      last = event.timeStamp;
    });
  }
}
