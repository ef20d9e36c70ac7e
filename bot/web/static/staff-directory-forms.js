// The two forms of the directory: 「違っている」 for everybody, 「直す」 for operators.

import { post } from "./staff-api.js";
import { draft } from "./staff-draft.js";
import { button, composing, el, showTrouble } from "./staff-dom.js";

const NAMES = { phone: "電話番号", address: "住所", hours: "時間", card: "窓口" };
const HINTS = { phone: "0466-00-0000", address: "藤沢市朝日町1-1", hours: "月-金 8:30-17:00 (休日を除く)" };

// Opens a form; onSend sends it and throws what is to be shown. What is typed is kept as a draft until it is sent.
function open(title, fields, kept, onSend, words, warning) {
  const saved = kept.load() || {};
  for (const field of fields) if (saved[field.input.id] !== undefined && field.input.type !== "radio") field.input.value = saved[field.input.id];
  const trouble = el("p", { class: "trouble alarm", role: "alert", hidden: true });
  const form = el(
    "form",
    { method: "post", novalidate: true },
    el("h2", { id: "form-title" }, title),
    warning ? el("p", { class: "soft" }, warning) : null,
    ...fields.flatMap((field) => [el("label", { for: field.input.id }, field.label, field.hint ? el("small", {}, field.hint) : null), field.input]),
    trouble,
    el("div", { class: "tools" }, el("button", { class: "main" }, `${words}（Ctrl + Enter）`), button("やめる", () => dialog.close())),
  );
  const dialog = el("dialog", { "aria-labelledby": "form-title" }, form);
  const before = document.activeElement;
  const values = () => Object.fromEntries(fields.map(({ input }) => [input.id, input.value]));
  form.addEventListener("input", () => kept.save(values()));
  form.addEventListener("keydown", (event) => {
    if (!composing(event) && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await onSend(values());
      kept.drop();
      dialog.close();
    } catch (error) {
      showTrouble(trouble, error);
    }
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0].input.focus();
}

// fact: { kind, key, value }, or null for the whole card.
export function sayWrong(card, fact, sent) {
  const kind = fact ? fact.kind : "card";
  const fields = [{ label: "何が違っていますか", hint: "名前や電話番号は、かくして保存します", input: el("textarea", { id: "text", rows: "3", maxlength: "500" }) }];
  if (fact) fields.push({ label: `正しい${NAMES[kind]}`, hint: "わかるときだけ。窓口の、公開されているもの", input: el("input", { id: "correct", maxlength: "200", autocomplete: "off" }) });
  const title = fact ? `${NAMES[kind]} ${fact.value} が違っている` : `「${card.name}」のことが違っている`;
  open(
    title,
    fields,
    draft(`directory-wrong:${card.id}:${fact ? fact.kind + fact.key : ""}`),
    async ({ text, correct = "" }) => {
      await post("/api/v1/staff/directory/wrong", { card: card.id, kind, key: fact ? fact.key : card.id, text, correct });
      sent();
    },
    "運用へ知らせる",
  );
}

export function editFact(card, fact, sent) {
  const value = el("input", { id: "value", maxlength: "200", autocomplete: "off", value: fact.value, placeholder: HINTS[fact.kind] });
  const saidBy = el("select", { id: "said-by" }, el("option", { value: "city" }, "藤沢市（市のページ、担当の課）"), el("option", { value: "body" }, "その窓口・団体"), el("option", { value: "other" }, "そのほか（要確認のまま。住民には出ません）"));
  const whose = { label: "どこの番号か", hint: "住民にも見えます", input: el("input", { id: "whose", maxlength: "100", autocomplete: "off", value: fact.label }) };
  const fields = [
    { label: NAMES[fact.kind], hint: fact.value ? "空にすると、この内容を消します" : null, input: value },
    ...(fact.kind === "phone" ? [whose] : []),
    { label: "だれが言っていますか", input: saidBy },
    { label: "出典", hint: "ページのアドレス、または「担当の課に電話で確認」など", input: el("input", { id: "source", maxlength: "200", autocomplete: "off" }) },
    { label: "出典の日付", input: el("input", { id: "source-date", type: "date" }) },
  ];
  open(
    `${card.name}の${NAMES[fact.kind]}を${fact.value ? "直す" : "加える"}`,
    fields,
    draft(`directory-edit:${fact.kind}:${fact.key}`),
    async (typed) => {
      const answer = await post("/api/v1/staff/directory/edit", { kind: fact.kind, key: fact.key, seen: fact.value, value: typed.value, label: typed.whose || "", source: typed.source, source_date: typed["source-date"], said_by: typed["said-by"] });
      sent(answer);
    },
    "書きかえる",
    // Crisis answers must work without a database: their numbers are a file of their own.
    card.kind === "hotline" ? "いのちや安全にかかわる返事に出る番号は、別の一覧（hotlines.csv）にあります。管理者にも知らせてください。" : null,
  );
}
