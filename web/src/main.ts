import "./style.css";
import { type Summary, get } from "./api";
import { h } from "./dom";
import { sourceLine } from "./export";
import { S } from "./strings";
import { estimate } from "./views/estimate";
import { evidence } from "./views/evidence";
import { glossary } from "./views/glossary";
import { limits } from "./views/limits";
import { lives } from "./views/lives";
import { map } from "./views/map";
import { moves } from "./views/moves";
import { contradictions, returned } from "./views/returned";
import { whatif } from "./views/whatif";

type View = (summary: Summary) => Promise<Element[]>;
type Name = keyof typeof S.views;
const VIEWS: Record<Name, View> = {
  estimate, map, moves, returned, whatif, evidence, contradictions, lives, glossary, limits,
};
const main = document.getElementById("main") as HTMLElement;
const nav = document.getElementById("nav") as HTMLElement;
const kept = new Map<Name, Element[]>();

function named(): Name {
  const wanted = location.hash.slice(1);
  return wanted in VIEWS ? (wanted as Name) : "estimate";
}

async function show(summary: Summary, focus: boolean): Promise<void> {
  const name = named();
  for (const item of nav.querySelectorAll("a"))
    item.toggleAttribute("aria-current", item.hash.slice(1) === name);
  document.title = `${S.views[name]} · ${summary.title} · ${S.kicker}`;
  try {
    if (!kept.has(name)) {
      main.replaceChildren(h("p", { role: "status" }, S.loading));
      kept.set(name, await VIEWS[name](summary));
    }
    if (named() !== name) return;
    const head = h("h1", {}, S.views[name]);
    main.replaceChildren(head, ...(kept.get(name) ?? []));
    main.dataset["view"] = name;
    if (focus) main.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  } catch (error) {
    main.replaceChildren(h("p", { role: "alert", class: "warning" }, said(error)));
  }
}

function said(error: unknown): string {
  return error instanceof TypeError && /fetch/i.test(error.message) ? S.failed : String((error as Error).message);
}

async function start(): Promise<void> {
  const summary = await get<Summary>("summary");
  document.getElementById("skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  document.getElementById("head")?.append(
    h("p", { class: "kicker" }, S.kicker),
    h("p", { class: "title" }, summary.title),
    h("p", { class: "question" }, summary.question));
  if (summary.stamp) document.getElementById("head")?.append(h("p", { class: "warning", role: "note" }, summary.stamp));
  nav.append(h("ul", {}, ...Object.entries(S.views).map(([name, words]) =>
    h("li", {}, h("a", { href: `#${name}` }, words)))));
  document.getElementById("foot")?.append(h("p", {}, S.foot), h("p", { class: "source" }, sourceLine(summary)));
  window.addEventListener("hashchange", () => void show(summary, true));
  await show(summary, false);
}

start().catch((error: unknown) => {
  main.replaceChildren(h("p", { role: "alert", class: "warning" }, said(error)));
});
