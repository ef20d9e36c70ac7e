// The words about the person that were typed for the paper, taken out of what is kept.

const TOKENS = { name: "〔名前〕", kana: "〔名前〕", address: "〔住所〕", phone: "〔電話〕", birthday: "〔生年月日〕" };

export function withoutPerson(text, person) {
  let kept = text;
  for (const [field, token] of Object.entries(TOKENS)) {
    const whole = (person[field] || "").trim();
    // Family name and given name stand alone more often than together.
    const parts = token === "〔名前〕" ? whole.split(/[\s　・]+/) : [];
    const words = [whole, whole.replace(/[\s　-]/g, ""), ...parts].filter((one) => one.length > 1);
    words.sort((one, other) => other.length - one.length);
    for (const one of new Set(words)) kept = kept.split(one).join(token);
  }
  return kept;
}
