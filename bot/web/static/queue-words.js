// Words of the queue: what a crisis is called, what happened, how long somebody waits.

export const CRISES = { suicide: "死にたい気持ち", violence: "暴力", abuse: "虐待", medical_emergency: "急病・けが" };

const EVENTS = {
  joined: "職員が引き受けました。つなぐは休んでいます。",
  handed_back: "つなぐに戻しました。",
  ended: "職員との会話を終わりました。",
  vanished: "職員の画面が閉じたため、順番待ちに戻りました。",
  resident_left: "相手が終わりました。",
};

const CLOCK = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "numeric", minute: "2-digit" });

export function event(name) {
  return EVENTS[name] || "";
}

export function clock(iso) {
  return CLOCK.format(new Date(iso));
}

export function waited(iso) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(iso)) / 60000));
  if (minutes < 1) return "いま来ました";
  if (minutes < 60) return `${minutes}分 待っています`;
  return `${Math.floor(minutes / 60)}時間${minutes % 60}分 待っています`;
}
