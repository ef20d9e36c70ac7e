// A sound for somebody new, once it was switched on in this tab. Browsers let a page sound only after a click in it.

import { $, say } from "./staff-dom.js";
import { draft } from "./staff-draft.js";

const kept = draft("queue-sound");
const toggle = $("#queue-sound");
let on = Boolean(kept.load());
let audio = null;

function wake() {
  if (!on || !("AudioContext" in window)) return;
  audio = audio || new AudioContext();
  if (audio.state === "suspended") audio.resume().then(show, () => {});
  show();
}

function show() {
  const heard = on && audio && audio.state === "running";
  toggle.setAttribute("aria-pressed", String(on));
  toggle.textContent = !on ? "音を鳴らす" : heard ? "音が鳴ります" : "音を鳴らす（どこかを押すと鳴ります）";
}

// urgent: higher, and three times instead of two.
export function sound(urgent) {
  if (!on || !audio || audio.state !== "running") return;
  const times = urgent ? 3 : 2;
  for (let index = 0; index < times; index += 1) {
    const begin = audio.currentTime + index * 0.28;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = urgent ? 988 : 659;
    volume.gain.setValueAtTime(0.0001, begin);
    volume.gain.exponentialRampToValueAtTime(0.3, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.22);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.25);
  }
  document.body.dataset.sounded = String(Number(document.body.dataset.sounded || 0) + 1);
}

export function toggleSound() {
  on = !on;
  if (on) kept.save(true);
  else kept.drop();
  wake();
  show();
  if (audio && audio.state === "suspended") audio.resume().then(() => sound(false), () => {});
  else sound(false);
  say(on ? "音を鳴らします" : "音を止めました");
}

toggle.addEventListener("click", toggleSound);
document.addEventListener("pointerdown", wake);
document.addEventListener("keydown", wake);
show();
