// What the pages ask the server with. A session that ran out or a connection that dropped in the middle of the work
// shows a banner; the call waits and is repeated, so that nothing typed is lost.

import { connected, disconnected, signInAgain } from "./staff-banner.js";
import { request, Trouble } from "./staff-request.js";

export { Trouble };

// signal: AbortSignal. background: the page asks by itself; it does not keep an abandoned desk signed in.
// retry: without a connection wait and repeat; else Trouble(0) is thrown at once.
export function get(path, options) {
  return call("GET", path, undefined, { retry: true, ...options });
}

// retry only for what may arrive twice without harm.
export function post(path, body, options) {
  return call("POST", path, body === undefined ? {} : body, options || {});
}

async function call(method, path, body, options) {
  for (;;) {
    try {
      const answer = await request(method, path, body, options);
      connected();
      return answer;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (error.status === 401) {
        await signInAgain(options.signal);
      } else if ([0, 502, 504].includes(error.status)) {
        const back = disconnected(options.signal);
        if (!options.retry) {
          back.catch(() => {});
          throw error;
        }
        await back;
      } else {
        throw error;
      }
    }
  }
}
