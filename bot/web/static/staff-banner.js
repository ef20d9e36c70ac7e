// The two banners: no connection, and signed out. Each gives a promise that holds until it is over.

import { $, button, el, showTrouble } from "./staff-dom.js";
import { shortcut } from "./staff-keys.js";
import { request } from "./staff-request.js";

const LOOK_AGAIN = 3000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("tsunagu-staff") : null;

class Wait {
  constructor(show) {
    this.show = show;
    this.over = null;
  }

  // Shows the banner if it is not there yet; settles when it is over, or rejects when the caller gives up.
  begin(signal) {
    if (!this.over) {
      let finish;
      const over = new Promise((resolve) => {
        finish = resolve;
      });
      const hide = this.show(() => this.end());
      this.over = { over, finish, hide };
    }
    const { over } = this.over;
    if (!signal) return over;
    return new Promise((resolve, reject) => {
      over.then(resolve);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  }

  end() {
    if (!this.over) return;
    const { hide, finish } = this.over;
    this.over = null;
    hide();
    finish();
  }
}

function banner(...content) {
  const shown = el("div", { class: "banner", role: "alert" }, ...content);
  $("#banners").append(shown);
  return shown;
}

const connection = new Wait((end) => {
  const shown = banner(el("b", {}, "つながっていません。"), el("span", {}, "書いたことは、この画面に残っています。つながったら、つづきから使えます。"));
  const look = () => fetch("/healthz", { cache: "no-store" }).then((response) => response.ok && end(), () => {});
  const timer = setInterval(look, LOOK_AGAIN);
  window.addEventListener("online", look);
  return () => {
    clearInterval(timer);
    window.removeEventListener("online", look);
    shown.remove();
  };
});

const session = new Wait((end) => {
  const open = () => askPassword(end);
  const again = button("サインイン（Alt+S）", open, "main");
  const shown = banner(el("b", {}, "もう一度サインインしてください。"), el("span", {}, "書いたことは、この画面に残っています。"), again);
  const forget = shortcut("Alt+s", "もう一度サインインする", open);
  // Somebody may sign in again in another tab instead.
  const look = () => request("GET", "/api/v1/staff/me", undefined, { background: true }).then(end, () => {});
  window.addEventListener("focus", look);
  if (tabs) tabs.addEventListener("message", look);
  return () => {
    forget();
    window.removeEventListener("focus", look);
    if (tabs) tabs.removeEventListener("message", look);
    shown.remove();
    document.querySelectorAll("dialog.sign-in").forEach((dialog) => dialog.remove());
  };
});

export function connected() {
  connection.end();
}

export function disconnected(signal) {
  return connection.begin(signal);
}

export function signInAgain(signal) {
  return session.begin(signal);
}

export function signedIn() {
  if (tabs) tabs.postMessage("signed-in");
}

function askPassword(end) {
  if ($("dialog.sign-in")) return;
  const { name } = document.body.dataset;
  const before = document.activeElement;
  const password = el("input", { type: "password", id: "password-again", autocomplete: "current-password", required: true });
  const trouble = el("p", { class: "trouble alarm", role: "alert", hidden: true });
  const form = el(
    "form",
    { method: "post", novalidate: true },
    el("h2", { id: "sign-in-title" }, "もう一度サインインしてください"),
    el("p", {}, "名前: ", el("b", {}, name)),
    el("label", { for: "password-again" }, "パスワード"),
    password,
    trouble,
    el("div", { class: "tools" }, el("button", { class: "main" }, "サインイン"), button("あとで", () => dialog.close())),
    el("p", { class: "soft" }, el("a", { href: "/staff/sign-in" }, "別の人がサインインする"), "（書きかけは消えます）"),
  );
  const dialog = el("dialog", { class: "sign-in", "aria-labelledby": "sign-in-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await request("POST", "/api/v1/staff/sign-in", { name, password: password.value });
      dialog.close();
      signedIn();
      end();
    } catch (error) {
      showTrouble(trouble, error);
      password.select();
    }
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  password.focus();
}
