// On every staff page: the way to the other pages by key, and signing out.

import { dropAllDrafts } from "./staff-draft.js";
import { $ } from "./staff-dom.js";
import { listShortcuts, shortcut } from "./staff-keys.js";
import { request } from "./staff-request.js";

// Signing out takes the drafts along: the next person at this screen must not find them.
export function leave() {
  dropAllDrafts();
  location.assign("/staff/sign-in");
}

if (document.body.dataset.account) {
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
