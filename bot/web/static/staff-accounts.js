// Administrators look after the accounts. Every change is shown by loading the list afresh.

import { post } from "./staff-api.js";
import { $, showTrouble } from "./staff-dom.js";

const API = "/api/v1/staff/accounts";

async function change(path, body, trouble) {
  try {
    await post(path, body);
    location.reload();
  } catch (error) {
    showTrouble(trouble, error);
    trouble.scrollIntoView({ block: "nearest" });
  }
}

const add = $("#add");
add.addEventListener("submit", (event) => {
  event.preventDefault();
  const body = { name: $("#name").value.trim(), display_name: $("#display-name").value, role: $("#role").value, password: $("#password").value };
  change(API, body, $(".trouble", add));
});

const list = $("#accounts");
const listTrouble = $("#list-trouble");

// A select changes with every arrow key: the new role counts only when its button is pressed.
list.addEventListener("change", (event) => {
  const select = event.target.closest(".role-of");
  if (select) $(".set-role", select.closest("tr")).hidden = select.value === select.dataset.now;
});

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("tr");
  const path = `${API}/${row.dataset.id}`;
  if (button.matches(".set-role")) change(`${path}/role`, { role: $(".role-of", row).value }, listTrouble);
  if (button.matches(".switch")) change(`${path}/disabled`, { disabled: button.dataset.disabled === "true" }, listTrouble);
  if (button.matches(".new-password")) askPassword(row.dataset.name, `${path}/password`);
});

const dialog = $("#new-password");
function askPassword(name, path) {
  $(".who", dialog).textContent = name;
  $("#given").value = "";
  showTrouble($(".trouble", dialog), null);
  dialog.dataset.path = path;
  dialog.showModal();
}
$(".cancel", dialog).addEventListener("click", () => dialog.close());
$("form", dialog).addEventListener("submit", (event) => {
  event.preventDefault();
  change(dialog.dataset.path, { password: $("#given").value }, $(".trouble", dialog));
});
