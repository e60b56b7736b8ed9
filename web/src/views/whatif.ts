import { type Answer, type Charts, type Levers, type Row, type Summary, ask, get } from "../api";
import { chartFigure } from "../chartfigure";
import { count, download, h, svg } from "../dom";
import { figure } from "../figure";
import { S, fill } from "../strings";
import { busyWords, form } from "./levers";

const WAIT = 250;

export async function whatif(summary: Summary): Promise<Element[]> {
  const [levers, base] = await Promise.all([get<Levers>("levers"), get<Charts>("base")]);
  const status = h("p", { role: "status", "aria-live": "polite", class: "status" }, S.whatif.unchanged);
  const place = h("div", { class: "answer" });
  let timer = 0;
  let running: AbortController | null = null;
  let found: Answer | null = null;
  const save = h("button", { type: "button", disabled: true, click: () =>
    download("what-if.yaml", "application/yaml", JSON.stringify(found?.scenario, null, 1)) }, S.whatif.save);
  const renew = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    if (!made.changed()) {
      found = null;
      save.disabled = true;
      status.textContent = S.whatif.unchanged;
      status.classList.remove("busy");
      place.replaceChildren(...plain(base, summary));
      return;
    }
    status.textContent = busyWords(levers.draws);
    status.classList.add("busy");
    const start = performance.now();
    try {
      found = await ask<Answer>("what-if", made.setting(), mine.signal);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      status.textContent = fill(S.whatif.done, { draws: found.draws, seconds });
      save.disabled = false;
      place.replaceChildren(...answer(found, base, summary, levers, String(made.setting()["since"])));
    } catch (error) {
      if (mine.signal.aborted) return;
      status.textContent = (error as Error).message || S.failed;
    }
    if (running === mine) status.classList.remove("busy");
  };
  const made = form(levers, () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void renew(), WAIT);
  });
  place.replaceChildren(...plain(base, summary));
  const reset = h("button", { type: "button", click: () => made.reset() }, S.whatif.reset);
  return [
    h("p", {}, levers.note),
    h("div", { class: "bench" },
      h("div", { class: "side" }, made.element, h("div", { class: "buttons" }, reset, save)),
      h("div", {}, status, place)),
  ];
}

function plain(base: Charts, summary: Summary): Element[] {
  return [chartFigure("base-stock", S.estimate.rules, base["stock"]!, summary,
    { color: "blue", shared: true, wide: true }).element];
}

function answer(found: Answer, base: Charts, summary: Summary, levers: Levers, since: string): Element[] {
  const look = { marks: [since], wide: true };
  const show = (name: string, title: string, charts: Charts, key: string, color: string, against?: Charts) =>
    chartFigure(name, title, charts[key]!, summary,
      { color, ...look, against: against?.[key] ?? null, shared: key === "stock" || key === "returned" }).element;
  return [
    totals(found, summary, levers),
    show("difference-stock", S.whatif.difference, found.difference, "stock", "purple"),
    show("what-if-stock", S.whatif.stock, found.other, "stock", "blue", base),
    show("what-if-returned", S.whatif.back, found.other, "returned", "green", base),
    show("what-if-moves", S.whatif.moves, found.other, "moves", "vermilion", base),
    show("difference-hosts", S.whatif.hosts, found.difference, "stock_place", "purple"),
  ];
}

function totals(found: Answer, summary: Summary, levers: Levers): Element {
  return figure({
    name: "what-if-totals", title: fill(S.whatif.totals, { last: levers.last }), summary,
    definition: found.definition,
    draw: () => [h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": S.whatif.totals },
      h("table", { class: "totals" },
        h("thead", {}, h("tr", {}, ...[S.whatif.what, S.whatif.of, S.whatif.median, S.whatif.interval90, ""].map((w) =>
          h("th", { scope: "col" }, w || h("span", { class: "unseen" }, S.figure.chart))))),
        h("tbody", {}, ...found.totals.rows.map((row) => line(row, reach(found.totals.rows))))))],
    rows: () => found.totals.rows,
  }).element;
}

function reach(rows: Row[]): number {
  return Math.max(1, ...rows.flatMap((r) => [number(r["low90"]), number(r["high90"])]).map((v) => Math.abs(v ?? 0)));
}

function number(value: Row[string] | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function line(row: Row, most: number): Element {
  const [low, mid, high] = ["low90", "median", "high90"].map((key) => number(row[key]));
  const x = (v: number) => 60 + (58 * v) / most;
  const bar = low === null || high === null || low === undefined || high === undefined ? null
    : svg("line", { class: "bar90", x1: x(low), x2: x(high), y1: 8, y2: 8 });
  const point = typeof mid === "number" ? svg("circle", { class: "point", cx: x(mid), cy: 8, r: 3 }) : null;
  return h("tr", {},
    h("th", { scope: "row" }, String(row["what"])), h("td", {}, String(row["of"] ?? "")),
    h("td", { class: "number" }, count(mid ?? null, true)),
    h("td", { class: "number" }, `${count(low ?? null, true)} … ${count(high ?? null, true)}`),
    h("td", {}, svg("svg", { viewBox: "0 0 120 16", class: "panel purple spark", "aria-hidden": "true" },
      svg("line", { class: "zero", x1: 60, x2: 60, y1: 1, y2: 15 }), bar, point)));
}
