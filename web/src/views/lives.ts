import { type Entry, type Life, type Lives, type Summary, get } from "../api";
import { day, h, short } from "../dom";
import { S, fill } from "../strings";

export async function lives(_summary: Summary): Promise<Element[]> {
  const all = await get<Lives>("lives");
  const head = [h("p", { class: "warning" }, all.synthetic)];
  if (!all.found) return [...head, h("p", {}, all.how)];
  const place = (code: string) => all.places[code] ?? code;
  return [
    ...head,
    h("p", {}, `${all.found.told.title} (${all.found.told.told_by})`),
    h("ul", {}, ...all.found.cannot_tell.map((words) => h("li", {}, words))),
    ...all.found.near.map((life, k) => one(life, k + 1, place)),
  ];
}

function one(life: Life, k: number, place: (code: string) => string): Element {
  const head = [S.figure.date, S.lives.what, S.lives.where, S.lives.money, S.lives.fear, S.lives.longing, S.lives.why];
  const title = fill(S.lives.near, { k });
  return h("section", { class: "life" },
    h("h2", {}, title),
    h("p", {}, fill(S.lives.group, { group: life.group.replaceAll("_", " ") })),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
      h("table", {},
        h("thead", {}, h("tr", {}, ...head.map((w) => h("th", { scope: "col" }, w)))),
        h("tbody", {}, ...life.diary.map((entry) => row(entry, place))))),
    h("h3", {}, S.lives.again),
    h("ul", {}, ...life.again.map((other) => h("li", {}, `${other.says}: `, other.same ? S.lives.same
      : fill(other.moves.length ? S.lives.other : S.lives.stays, { moves: other.moves.map((m) => `${day(m.date)} ${m.move.replaceAll("_", " ")} ${place(m.place)}`).join("; ") })))));
}

function row(entry: Entry, place: (code: string) => string): Element {
  const number = (value: number | null) => (value === null ? "" : short(value));
  const why = (entry.why?.terms ?? []).filter((t) => Math.abs(Math.log(t.factor || 1)) > 0.1).slice(0, 3);
  return h("tr", {},
    h("th", { scope: "row" }, day(entry.date)),
    h("td", {}, entry.what.replaceAll("_", " ")),
    h("td", {}, place(entry.place)),
    h("td", { class: "number" }, number(entry.savings)),
    h("td", { class: "number" }, number(entry.belief)),
    h("td", { class: "number" }, number(entry.longing)),
    h("td", {}, ...why.map((t) => h("small", {}, `${t.says} (× ${short(t.factor)})`))));
}
