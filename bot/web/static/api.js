// Talking to the server. No cookies: the conversation's id is all that it gets to know this tab by.

const PATIENCE = 20000;

export class Trouble extends Error {
  // status: HTTP status, or 0 when nothing answered.
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

export class Api {
  constructor(base) {
    this.base = base;
  }

  chat(conversation, text) {
    return this.post("api/v1/chat", { conversation, text });
  }

  erase(conversation) {
    return this.post("api/v1/erase", { conversation });
  }

  feedback(conversation, helpful) {
    return this.post("api/v1/feedback", { conversation, helpful });
  }

  // For the last word of a page that is being left: nobody waits for the answer.
  tell(path, body) {
    const headers = { "Content-Type": "application/json" };
    fetch(this.base + path, { method: "POST", headers, body: JSON.stringify(body), credentials: "omit", keepalive: true }).catch(() => {});
  }

  async post(path, body, patience = PATIENCE) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      const response = await fetch(this.base + path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: stop.signal,
      });
      if (!response.ok) throw new Trouble(response.status);
      return await response.json();
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble(0);
    } finally {
      clearTimeout(timer);
    }
  }
}
