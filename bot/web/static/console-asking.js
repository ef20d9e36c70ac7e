// Asking as somebody types: a pause of a quarter of a second, and an answer that came too late is not shown.

import { post, Trouble } from "./staff-api.js";
import { choices } from "./console-choices.js";

const PAUSE = 250;

export class Asking {
  // shown(answer, milliseconds), busy(), failed(error): what the page does.
  constructor(page) {
    this.page = page;
    this.timer = 0;
    this.stop = null;
    this.textPending = false;
  }

  // The text changed: the engine is asked.
  text(state, pause = PAUSE) {
    this.textPending = true;
    this.page.busy();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(state), pause);
  }

  // Something beside the text changed: ranked anew at once, without the engine, unless its answer is on the way anyway.
  choice(state) {
    if (this.textPending) return;
    this.send("/api/v1/staff/rank", { understood: understood(state), choices: choices(state) });
  }

  forget() {
    clearTimeout(this.timer);
    this.textPending = false;
    if (this.stop) this.stop.abort();
    this.stop = null;
  }

  async ask(state) {
    const asked = JSON.stringify(choices(state));
    const answered = await this.send("/api/v1/staff/understand", { text: state.text, choices: choices(state) });
    if (!answered) return;
    this.textPending = false;
    if (JSON.stringify(choices(state)) !== asked) this.choice(state);
  }

  async send(path, body) {
    if (this.stop) this.stop.abort();
    const mine = new AbortController();
    this.stop = mine;
    const began = performance.now();
    try {
      const answer = await post(path, body, { signal: mine.signal, retry: true });
      if (this.stop !== mine) return false;
      this.page.shown(answer, performance.now() - began);
      return true;
    } catch (error) {
      if (mine.signal.aborted || this.stop !== mine) return false;
      if (!(error instanceof Trouble)) throw error;
      if (error.code !== "superseded") this.page.failed(error);
      this.textPending = false;
      return false;
    }
  }
}

function understood({ understood: { areas, situation, crisis, place } }) {
  return { areas: areas.map(({ id, score }) => ({ id, score })), situation, crisis, place };
}
