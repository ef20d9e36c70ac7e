// Facts in plain words: when a place opens, how far it is, what went wrong.

const TOKYO = { timeZone: "Asia/Tokyo" };
const DAY = new Intl.DateTimeFormat("en-CA", { ...TOKYO, year: "numeric", month: "2-digit", day: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("ja-JP", { ...TOKYO, hour: "numeric", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat("ja-JP", { ...TOKYO, weekday: "long" });
const MONTH_DAY = new Intl.DateTimeFormat("ja-JP", { ...TOKYO, month: "long", day: "numeric", weekday: "short" });

function whenItOpens(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const days = Math.round((Date.parse(DAY.format(at)) - Date.parse(DAY.format(new Date()))) / 86400000);
  const day = days === 0 ? "きょう" : days === 1 ? "あした" : days > 1 && days < 7 ? WEEKDAY.format(at) : MONTH_DAY.format(at);
  return `${day} ${CLOCK.format(at)}`;
}

export function openness(place) {
  if (place.open === "open") return "いま開いています";
  if (place.open !== "closed") return "";
  return place.opens_next ? `いまは閉まっています。次は ${whenItOpens(place.opens_next)} から` : "いまは閉まっています";
}

export function distance(metres) {
  if (metres === null || metres === undefined) return "";
  if (metres < 500) return "すぐ近く";
  return metres < 1000 ? `およそ${metres}m` : `およそ${metres / 1000}km`;
}

export function day(text) {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(text || "");
  if (!match) return text || "";
  return `${match[1]}年${Number(match[2])}月${match[3] ? `${Number(match[3])}日` : ""}`;
}

export function today() {
  return new Intl.DateTimeFormat("ja-JP", { ...TOKYO, dateStyle: "long" }).format(new Date());
}

export function trouble(status) {
  if (status === 413) return "文章が長すぎて、送れませんでした。少し短くして、もう一度送ってください。";
  if (status === 429) return "短いあいだにたくさん届いています。少し待ってから、もう一度送ってください。";
  if (status === 0) return "インターネットにつながらず、送れませんでした。書いたことは、ここに残っています。";
  return "いま、うまく送れませんでした。書いたことは、ここに残っています。";
}
