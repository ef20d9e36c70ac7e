// Finding a card by whatever a clerk types: kanji, kana, half-width, a piece of a number, several words.

const SMALL = { ぁ: "あ", ぃ: "い", ぅ: "う", ぇ: "え", ぉ: "お", っ: "つ", ゃ: "や", ゅ: "ゆ", ょ: "よ", ゎ: "わ", ぢ: "じ", づ: "ず", ヵ: "か", ヶ: "け" };
// From which share of its pairs of letters a name counts as near to what was typed.
const NEAR = 0.45;

// One spelling for all: katakana to hiragana, full width to half, small letters large, without ー, ・, - and blanks.
export function plain(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(/[ぁぃぅぇぉっゃゅょゎぢづヵヶ]/g, (letter) => SMALL[letter])
    .replace(/[\sー・‐‑‒–—―−、。()「」:#-]/g, "");
}

// The cards, each with what it is searched by.
export function index(cards) {
  return cards.map((card, place) => ({ card, place, name: plain(card.name), kana: plain(card.kana), words: plain(card.words) }));
}

function fits(card, { district, area, kind, open }) {
  if (district && !card.districts.includes(district)) return false;
  if (area && !card.areas.some((one) => one.id === area)) return false;
  if (kind && card.kind !== kind) return false;
  return !open || card.opening.state === "open";
}

// How well one word fits: 0 not at all, more is better.
function score(entry, word) {
  for (const name of [entry.name, entry.kana]) {
    if (name.startsWith(word)) return 4;
    if (name.includes(word)) return 3;
  }
  return entry.words.includes(word) ? 1 : 0;
}

function pairs(text) {
  return Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2));
}

// The share of the query's pairs that the name has too: finds names in spite of a slip.
function nearness(entry, query) {
  const asked = pairs(query);
  if (asked.length < 2) return 0;
  return Math.max(...[entry.name, entry.kana].map((name) => asked.filter((pair) => name.includes(pair)).length / asked.length));
}

// { found, near, unknown }: cards best first; near: nothing fits, these are similar; unknown: how many were left out
// because nobody knows when they open.
export function search(entries, filters) {
  const words = filters.query.split(/\s+/).map(plain).filter(Boolean);
  const allowed = entries.filter((entry) => fits(entry.card, filters));
  const scored = (among) =>
    among
      .map((entry) => ({ entry, scores: words.map((word) => score(entry, word)) }))
      .filter(({ scores }) => scores.every(Boolean))
      .map(({ entry, scores }) => ({ entry, rank: scores.reduce((sum, one) => sum + one, 0) }))
      .sort((a, b) => b.rank - a.rank || a.entry.place - b.entry.place)
      .map(({ entry }) => entry.card);
  const found = scored(allowed);
  const unknown = filters.open ? scored(entries.filter((entry) => fits(entry.card, { ...filters, open: false }) && entry.card.opening.state === "unknown")).length : 0;
  if (found.length || !words.length) return { found, near: false, unknown };
  const query = words.join("");
  const similar = allowed
    .map((entry) => ({ card: entry.card, rank: nearness(entry, query) }))
    .filter(({ rank }) => rank >= NEAR)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, 8)
    .map(({ card }) => card);
  return { found: similar, near: similar.length > 0, unknown };
}
