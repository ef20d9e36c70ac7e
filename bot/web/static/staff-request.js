// One request to the server: JSON there, JSON back, or Trouble with words to show.

const PATIENCE = 20000;
const NO_CONNECTION = "つながっていません。書いたことは、この画面に残っています。";
const BROKEN = "いま、うまくいきませんでした。少し待ってから、もう一度ためしてください。";

export class Trouble extends Error {
  // status: HTTP status, or 0 when nothing answered; message: Japanese, may be shown as it is.
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// The page says whom it was made for: somebody else may have signed in in another tab since.
export async function request(method, path, body, { signal, background = false } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const abort = () => stop.abort();
  if (signal) signal.addEventListener("abort", abort);
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (background) headers["X-Unattended"] = "1";
  if (document.body.dataset.account) headers["X-Staff-Account"] = document.body.dataset.account;
  try {
    if (signal) signal.throwIfAborted();
    const response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    const answer = await response.json().catch(() => null);
    if (response.ok && answer !== null) return answer;
    const error = (answer && answer.error) || {};
    throw new Trouble(response.status, error.code || "", error.message || BROKEN);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    if (signal) signal.throwIfAborted();
    throw new Trouble(0, "offline", NO_CONNECTION);
  } finally {
    clearTimeout(timer);
    if (signal) signal.removeEventListener("abort", abort);
  }
}
