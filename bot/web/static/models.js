// Training, comparing, switching: the buttons, and looking at what is under way every second until it is over.

import { get, post } from "./staff-api.js";
import { $, say, showTrouble } from "./staff-dom.js";

const API = "/api/v1/staff/models";
const EVERY = 1000;
const trouble = $("#trouble");

async function act(path, body, then) {
  try {
    showTrouble(trouble, null);
    await post(`${API}/${path}`, body);
    location.assign(then || location.pathname);
  } catch (error) {
    showTrouble(trouble, error);
    trouble.scrollIntoView({ block: "nearest" });
  }
}

// What cannot be taken back with one look is asked once.
const sure = $("#sure");
let agreed = null;
function ask(words, run) {
  $(".ask", sure).textContent = words;
  agreed = run;
  sure.showModal();
}
if (sure) {
  $(".yes", sure).addEventListener("click", () => {
    sure.close();
    agreed();
  });
  $(".no", sure).addEventListener("click", () => sure.close());
}

document.querySelectorAll("button.act").forEach((button) => {
  const run = () => act(button.dataset.path, { confirmed: true }, button.dataset.then);
  button.addEventListener("click", () => (button.dataset.ask ? ask(button.dataset.ask, run) : run()));
});

document.querySelectorAll("select.verdict").forEach((select) => {
  select.addEventListener("change", async () => {
    if (!select.value) return;
    try {
      await post(`${API}/disagreements/${select.dataset.id}`, { verdict: select.value });
      showTrouble(trouble, null);
      say("残しました");
    } catch (error) {
      showTrouble(trouble, error);
    }
  });
});

const job = $("#job");
if (job) {
  $("#train").addEventListener("click", () => act("train", { confirmed: true }));
  $("#cancel").addEventListener("click", async () => {
    $("#cancel").disabled = true;
    await act(`jobs/${$("#cancel").dataset.job}/cancel`, {});
  });
  if (!job.hidden || ($("#switching") && $("#switching .words").textContent)) watch();
}

function minutes(seconds) {
  return seconds < 60 ? `${seconds}秒` : `${Math.floor(seconds / 60)}分${seconds % 60}秒`;
}

async function watch() {
  let stage = "";
  for (;;) {
    const now = await get(API, { background: true });
    const working = now.job && now.job.state === "running";
    const switching = now.switching && now.switching.running;
    if (!working && !switching) return location.reload();
    job.hidden = !working;
    if (working) {
      $(".words", job).textContent = now.job.stopping ? "やめています" : now.job.stage;
      $("#bar").value = now.job.done;
      $(".time", job).textContent = `${minutes(now.job.seconds)}たちました`;
      $("#cancel").dataset.job = now.job.id;
      $("#cancel").disabled = now.job.stopping;
    }
    if (switching) {
      $("#switching").hidden = false;
      $("#switching .words").textContent = now.switching.phase;
    }
    const heard = switching ? now.switching.phase : now.job.stage;
    if (heard !== stage) say(heard);
    stage = heard;
    await new Promise((wake) => setTimeout(wake, EVERY));
  }
}
