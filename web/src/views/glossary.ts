import { type Glossary, type Summary, get } from "../api";
import { h } from "../dom";
import { S } from "../strings";

export async function glossary(_summary: Summary): Promise<Element[]> {
  const all = await get<Glossary>("glossary");
  const words = h("dl", { class: "words" });
  const rules = h("dl", { class: "words" });
  const none = h("p", { role: "status" });
  const show = () => {
    const wanted = find.value.trim().toLowerCase();
    const has = (...texts: string[]) => texts.join(" ").toLowerCase().includes(wanted);
    const some = all.words.filter((w) => has(w.word, w.says));
    const ruled = all.rules.filter((r) => has(r.name.replaceAll("_", " "), r.says, r.part));
    words.replaceChildren(...some.flatMap((w) => [h("dt", {}, w.word), h("dd", {}, w.says)]));
    rules.replaceChildren(...ruled.flatMap((r) => [
      h("dt", {}, r.name.replaceAll("_", " "), h("small", {}, ` ${r.part}, ${r.kind}: ${r.moves.join(", ")}`)),
      h("dd", {}, r.says, h("small", {}, `${S.glossary.unit}: ${r.unit}. ${S.glossary.source}: ${r.source}`))]));
    none.textContent = some.length || ruled.length ? "" : S.glossary.none;
  };
  const find = h("input", { type: "search", id: "find", input: show });
  show();
  return [
    h("label", { for: "find" }, S.glossary.find), find, none,
    h("h2", {}, S.glossary.words), words,
    h("h2", {}, S.glossary.rules), rules,
  ];
}
