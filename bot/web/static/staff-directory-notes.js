// The operators' list: each note is closed with one press, each change can be taken back.

import { post } from "./staff-api.js";
import { $, showTrouble } from "./staff-dom.js";

const API = "/api/v1/staff/directory";

async function send(path, body) {
  try {
    await post(path, body);
    location.reload();
  } catch (error) {
    showTrouble($("#trouble"), error);
    $("#trouble").scrollIntoView({ block: "nearest" });
  }
}

$("main").addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  if (pressed.dataset.state) send(`${API}/notes/${pressed.closest("li").dataset.id}/close`, { state: pressed.dataset.state });
  if (pressed.matches(".undo")) send(`${API}/undo`, { change: Number(pressed.closest("tr").dataset.change) });
});
