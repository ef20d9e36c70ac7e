// What the clerk set beside the text, and the draft of it all in this tab.

import { draft } from "./staff-draft.js";

const kept = draft("console");
const NOTHING = { areas: [], likely: [], situation: [], crisis: "none", alarming: [], place: "", out_of_scope: false };

export function blank() {
  // talk: the conversation of the queue that this is about; model: what read the text.
  return { text: "", talk: "", model: "", understood: NOTHING, on: [], off: [], place: "", age: "", household: [], flags_on: [], flags_off: [], consent: "", ranked: null, case: crypto.getRandomValues(new Uint32Array(2)).join("-"), handed: 0 };
}

export function load() {
  return { ...blank(), ...(kept.load() || {}) };
}

export function save(state) {
  // Signing out hides the page and drops the drafts: an answer that still comes must not bring them back.
  if (!document.body.hidden) kept.save(state);
}

export function drop() {
  kept.drop();
}

// As the server takes it (bot/web/staff/console_choices.py).
export function choices({ on, off, place, age, household, flags_on, flags_off, consent }) {
  return { on, off, place, age, household, flags_on, flags_off, consent };
}

export function isBlank(state) {
  return !state.text.trim() && !state.on.length;
}

export function active(state) {
  const read = state.understood.areas.map((area) => area.id).filter((id) => !state.off.includes(id));
  return [...read, ...state.on.filter((id) => !read.includes(id))];
}

export function toggleArea(state, id) {
  const isOn = active(state).includes(id);
  const isRead = state.understood.areas.some((area) => area.id === id);
  state.on = state.on.filter((one) => one !== id);
  state.off = state.off.filter((one) => one !== id);
  if (isOn && isRead) state.off.push(id);
  if (!isOn && !isRead) state.on.push(id);
}

export function toggleFlag(state, flag, holds) {
  state.flags_on = state.flags_on.filter((one) => one !== flag);
  state.flags_off = state.flags_off.filter((one) => one !== flag);
  (holds ? state.flags_off : state.flags_on).push(flag);
}

export function toggleMember(state, id) {
  state.household = state.household.includes(id) ? state.household.filter((one) => one !== id) : [...state.household, id];
}
