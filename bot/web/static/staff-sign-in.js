// The sign-in page.

import { signedIn } from "./staff-banner.js";
import { $, showTrouble } from "./staff-dom.js";
import { request } from "./staff-request.js";

const form = $("#sign-in");

function goOn() {
  const next = new URL(new URLSearchParams(location.search).get("next") || "/staff/", location.origin);
  const ours = next.origin === location.origin && next.pathname.startsWith("/staff/") && next.pathname !== location.pathname;
  location.replace(ours ? next.pathname + next.search : "/staff/");
}

if (form) {
  // After a link from another site the browser withheld the cookie: whoever is signed in goes straight on.
  request("GET", "/api/v1/staff/me", undefined, { background: true }).then(goOn, () => {});
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $("button", form);
    button.disabled = true;
    showTrouble($("#trouble"), null);
    try {
      await request("POST", "/api/v1/staff/sign-in", { name: $("#name").value, password: $("#password").value });
      signedIn();
      goOn();
    } catch (error) {
      showTrouble($("#trouble"), error);
      button.disabled = false;
      $("#password").select();
    }
  });
}
