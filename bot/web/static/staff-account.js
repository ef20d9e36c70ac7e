// One's own account.

import { post, Trouble } from "./staff-api.js";
import { $, say, showTrouble } from "./staff-dom.js";
import { leave } from "./staff-frame.js";

const form = $("#password");
const trouble = $(".trouble", form);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    if ($("#new").value !== $("#again").value) throw new Trouble(400, "", "新しいパスワードが、2回同じではありません。");
    await post("/api/v1/staff/account/password", { current: $("#current").value, new: $("#new").value });
    form.reset();
    showTrouble(trouble, null);
    $("button", form).textContent = "変えました";
    say("パスワードを変えました。");
  } catch (error) {
    showTrouble(trouble, error);
  }
});

$("#sign-out-everywhere").addEventListener("click", async () => {
  await post("/api/v1/staff/sign-out-everywhere");
  leave();
});
