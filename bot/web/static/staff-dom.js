// Elements without innerHTML, and speaking to whoever cannot see the screen.

export { button, composing, el, fill } from "./dom.js";

export function $(selector, root) {
  return (root || document).querySelector(selector);
}

// Read out by a screen reader without moving the focus.
export function say(text) {
  const said = $("#said");
  said.textContent = "";
  setTimeout(() => {
    said.textContent = text;
  }, 50);
}

// error: Trouble, or null to take the words away again.
export function showTrouble(element, error) {
  element.hidden = !error;
  element.textContent = error ? error.message : "";
}

export function typing(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]") !== null;
}
