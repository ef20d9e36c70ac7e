// On every staff page: the way to the other pages by key, and signing out.

import { dropDrafts } from "./staff-draft.js";
import { $ } from "./staff-dom.js";
import { listShortcuts, shortcut } from "./staff-keys.js";
import { request } from "./staff-request.js";

// Signing out takes the drafts along: the next person at this screen must not find them.
export function leave() {
  dropDrafts();
  document.body.hidden = true;
  location.assign("/staff/sign-in");
}

// The back button may bring a page back from memory, after signing out too: it is shown only to who is signed in.
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted || !document.body.dataset.account) return;
  document.body.hidden = true;
  try {
    await request("GET", "/api/v1/staff/me", undefined, { background: true });
  } catch (error) {
    if (error.status === 401) return location.reload();
  }
  document.body.hidden = false;
});

if (document.body.dataset.account) {
  // Somebody else may have worked in this tab before.
  dropDrafts(document.body.dataset.account);
  document.querySelectorAll(".areas a").forEach((link, index) => {
    if (index < 10) shortcut(`g ${(index + 1) % 10}`, `「${link.textContent}」へ`, () => link.click());
  });
  $("#keys").addEventListener("click", listShortcuts);
  $("#sign-out").addEventListener("click", async () => {
    try {
      await request("POST", "/api/v1/staff/sign-out", {});
      leave();
    } catch (error) {
      // Without an answer the session would still be open: the button says so instead of pretending.
      $("#sign-out").textContent = "サインアウトできません。もう一度";
    }
  });
}
