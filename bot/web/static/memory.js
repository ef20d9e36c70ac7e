// What this tab remembers, so that a reload loses nothing. It goes away with the tab and is never shared between tabs.

const KEY = "tsunagu";

function empty() {
  return { conversation: null, turns: [], draft: "", large: false, live: null };
}

export class Memory {
  constructor() {
    this.state = empty();
    try {
      this.state = Object.assign(empty(), JSON.parse(sessionStorage.getItem(KEY) || "{}"));
    } catch (error) {
      // Storage is switched off or full of something else: the page works without it.
    }
  }

  save() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.state));
    } catch (error) {
      // As above.
    }
  }

  clear() {
    this.state = Object.assign(empty(), { large: this.state.large });
    this.save();
  }

  leave() {
    this.state = empty();
    try {
      sessionStorage.removeItem(KEY);
    } catch (error) {
      // As above.
    }
  }
}
