// Reviewed examples: one may be taken back.

import { post } from "./staff-api.js";
import { $, say, showTrouble } from "./staff-dom.js";

const table = $("#examples");
if (table) {
  table.addEventListener("click", async (event) => {
    const button = event.target.closest(".withdraw");
    if (!button) return;
    const row = button.closest("tr");
    button.disabled = true;
    try {
      await post(`/api/v1/staff/review/examples/${row.dataset.id}/withdraw`);
      row.remove();
      say("取り下げました");
    } catch (error) {
      button.disabled = false;
      showTrouble($("#trouble"), error);
    }
  });
}
