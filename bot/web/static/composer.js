// Where the resident writes: the text, the tools under it, and the question before something goes away for good.

import { button, composing, el, fill } from "./dom.js";

const FINGERS = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

export class Composer {
  // memory: keeps the half-written line and the size of letters. scale: element that gets the class for large letters.
  // onSend(text): something is written. onStartOver(), onErase(): wished, and confirmed.
  constructor({ memory, scale, onSend, onStartOver, onErase }) {
    this.memory = memory;
    this.scale = scale;
    this.onSend = onSend;
    this.text = el("textarea", {
      id: "tsunagu-text",
      rows: "1",
      enterkeyhint: "send",
      autocomplete: "off",
      placeholder: "ここに書く",
      input: () => this.typed(),
      keydown: (event) => this.key(event),
    });
    this.asking = el("div", { class: "asking", role: "group", "aria-live": "polite", hidden: true });
    this.large = button("文字を大きく", () => this.toggleLarge());
    const tools = el(
      "div",
      { class: "tools" },
      button("はじめから", () => this.ask("新しく話しはじめます。いまの話は画面から消えます。", "はじめから", onStartOver)),
      button("消す", () => this.ask(`書いたことと返事を、ここからもサーバーからも、すべて消します。${this.codeToTell()}`, "すべて消す", onErase)),
      this.large,
    );
    this.form = el(
      "form",
      { class: "composer", submit: (event) => this.submit(event) },
      this.asking,
      el("div", { class: "write" }, el("label", { for: "tsunagu-text", class: "unseen" }, "困っていること"), this.text, el("button", { type: "submit", class: "send" }, "送る")),
      tools,
    );
  }

  // As it was before the page was loaded again.
  restore() {
    const { draft, large } = this.memory.state;
    this.text.value = draft;
    this.applyLarge(large);
    this.fit();
  }

  submit(event) {
    event.preventDefault();
    const text = this.text.value;
    this.text.value = "";
    if (text.trim()) this.onSend(text);
    this.typed();
    this.back();
  }

  // A message goes out, written here or on a button.
  sent() {
    this.closeAsking();
    // On a phone the keyboard hides half of the answer.
    if (FINGERS && this.text === this.active()) this.text.blur();
  }

  clear() {
    this.text.value = "";
    this.fit();
    this.text.focus();
  }

  // Back to the text, except where that would bring up a keyboard over the answer.
  back() {
    if (!FINGERS) this.text.focus();
  }

  key(event) {
    if (composing(event)) return;
    if (event.key === "Enter" && !event.shiftKey) this.submit(event);
  }

  typed() {
    this.memory.state.draft = this.text.value;
    this.memory.save();
    this.fit();
  }

  fit() {
    // The CSSOM is not inline style: the page's policy allows it.
    this.text.style.height = "auto";
    if (this.text.value) this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  active() {
    return this.form.getRootNode().activeElement;
  }

  ask(question, yes, action) {
    const asker = this.active();
    const close = () => {
      this.closeAsking();
      if (asker) asker.focus();
    };
    const confirm = button(yes, () => {
      close();
      action();
    }, "yes");
    fill(this.asking, el("p", {}, question), confirm, button("やめる", close));
    this.asking.hidden = false;
    confirm.focus();
  }

  closeAsking() {
    this.asking.hidden = true;
    fill(this.asking);
  }

  // Who has left this tab can still have the conversation deleted by telling its code.
  codeToTell() {
    const { code } = this.memory.state;
    return code ? `（この会話の番号は ${code} です。あとから職員に頼んで消すときに使います。）` : "";
  }

  toggleLarge() {
    this.memory.state.large = !this.memory.state.large;
    this.memory.save();
    this.applyLarge(this.memory.state.large);
    this.fit();
  }

  applyLarge(large) {
    this.scale.classList.toggle("large", large);
    this.large.setAttribute("aria-pressed", String(Boolean(large)));
  }
}
