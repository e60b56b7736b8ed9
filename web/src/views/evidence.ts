import { scaleLinear, scaleUtc } from "d3-scale";
import { utcFormat } from "d3-time-format";
import { type Evidence, type Figure, type Reweighted, type Row, type Summary, ask, get } from "../api";
import { count, day, h, short, svg } from "../dom";
import { figure } from "../figure";
import { S, fill } from "../strings";

const W = 480;
const H = 220;
const PAD = { left: 52, right: 14, top: 28, bottom: 24 };
const month = utcFormat("%b %y");

export async function evidence(summary: Summary): Promise<Element[]> {
  const all = await get<Evidence>("evidence");
  const sources = grouped(all.rows);
  const names = [...sources.keys()].sort((a, b) => name(sources, a).localeCompare(name(sources, b)));
  const place = h("div");
  const pick = h("select", { id: "source", change: () => place.replaceChildren(chart(sources, pick.value, summary)) },
    ...names.map((key) => h("option", { value: key }, name(sources, key))));
  const most = [...names].sort((a, b) => (sources.get(b)?.length ?? 0) - (sources.get(a)?.length ?? 0))[0];
  pick.value = most ?? "";
  place.replaceChildren(chart(sources, pick.value, summary));
  return [
    h("p", {}, all.definition),
    h("div", { class: "field" }, h("label", { for: "source" }, S.evidence.pick), pick),
    place,
    h("h2", {}, S.evidence.off), h("p", {}, S.evidence.offHelp),
    ...switches(names, sources, summary),
  ];
}

function grouped(rows: Figure[]): Map<string, Figure[]> {
  const found = new Map<string, Figure[]>();
  for (const row of rows) found.set(row.publisher, [...(found.get(row.publisher) ?? []), row]);
  return found;
}

const name = (sources: Map<string, Figure[]>, key: string) => sources.get(key)?.[0]?.publisher_name ?? key;

function chart(sources: Map<string, Figure[]>, key: string, summary: Summary): Element {
  const rows = sources.get(key) ?? [];
  const title = fill(S.evidence.chart, { name: name(sources, key) });
  const inside = rows.filter((r) => r.inside90).length;
  const panels = new Map<string, Figure[]>();
  for (const row of rows) {
    const label = row.panel;
    panels.set(label, [...(panels.get(label) ?? []), row]);
  }
  const alt = `${title}. ${fill(S.evidence.rows, { n: rows.length, inside })}`;
  return figure({
    name: `source-${key}`, title, summary,
    definition: `${fill(S.evidence.rows, { n: rows.length, inside })}. ${S.evidence.note}`,
    draw: () => [h("div", { class: "panels wide", role: "img", "aria-label": alt },
      ...[...panels].map(([label, some]) => panel(label, some)))],
    rows: () => rows.map((r): Row => ({ id: r.id, what: r.panel, place: r.place, start: r.start, end: r.end,
      published: r.published, published_low: r.published_low, published_high: r.published_high, unit: r.unit,
      low90: r.low90, low50: r.low50, median: r.median, high50: r.high50, high90: r.high90, source: r.link })),
  }).element;
}

function panel(label: string, rows: Figure[]): SVGSVGElement {
  const dates = rows.map((r) => new Date(`${r.date}T00:00:00Z`));
  const span = dates.map(Number);
  const pad = 20 * 86400e3;
  const x = scaleUtc([new Date(Math.min(...span) - pad), new Date(Math.max(...span) + pad)], [PAD.left, W - PAD.right]);
  const tops = rows.flatMap((r) => [r.high90, r.point, r.published_high]).filter((v): v is number => v !== null);
  const y = scaleLinear([0, Math.max(1e-9, ...tops)], [H - PAD.bottom, PAD.top]).nice(4);
  const bar = (k: number, low: number | null, high: number | null, kind: string) =>
    low === null || high === null ? null
      : svg("line", { class: kind, x1: x(dates[k]!), x2: x(dates[k]!), y1: y(low), y2: y(high) });
  return svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "panel blue", "aria-hidden": "true" },
    ...y.ticks(4).flatMap((v) => [
      svg("line", { class: "rule", x1: PAD.left, x2: W - PAD.right, y1: y(v), y2: y(v) }),
      svg("text", { class: "tick", x: PAD.left - 5, y: y(v) + 3.5, "text-anchor": "end" }, short(v))]),
    ...x.ticks(3).map((d) => svg("text", { class: "tick", x: x(d), y: H - 8, "text-anchor": "middle" }, month(d))),
    ...rows.flatMap((r, k) => [bar(k, r.low90, r.high90, "bar90"), bar(k, r.low50, r.high50, "bar50"),
      bar(k, r.published_low, r.published_high, "range"),
      r.point === null ? null : svg("circle", { class: "point", cx: x(dates[k]!), cy: y(r.point), r: 3.2 },
        svg("title", {}, `${r.id}, ${day(r.date)}: ${count(r.point)}`))]),
    svg("text", { class: "panel-title", x: 2, y: 14 }, label));
}

function switches(names: string[], sources: Map<string, Figure[]>, summary: Summary): Element[] {
  const off = new Set<string>();
  const status = h("div", { role: "status", "aria-live": "polite" });
  const place = h("div");
  let latest = 0;
  const renew = async () => {
    const mine = ++latest;
    if (!off.size) {
      status.textContent = "";
      place.replaceChildren();
      return;
    }
    try {
      const found = await ask<Reweighted>("reweight", { off: [...off] });
      if (mine !== latest) return;
      const khat = found.khat === null ? S.evidence.khatNone
        : fill(S.evidence.khat, { khat: found.khat, ess: found.ess });
      status.replaceChildren(h("p", {}, khat),
        found.warning ? h("p", { class: "warning" }, found.warning) : h("p"));
      place.replaceChildren(reweighted(found, summary));
    } catch (error) {
      if (mine === latest) status.replaceChildren(h("p", { class: "warning" }, String((error as Error).message)));
    }
  };
  const boxes = names.map((key) => {
    const box = h("input", { type: "checkbox", value: key, change: () => {
      if (box.checked) off.add(key);
      else off.delete(key);
      void renew();
    } });
    return h("label", { class: "switch" }, box, ` ${name(sources, key)} `, h("small", {}, `(${sources.get(key)?.length ?? 0})`));
  });
  return [h("fieldset", { class: "switches" }, h("legend", {}, S.evidence.off), ...boxes), status, place];
}

function reweighted(found: Reweighted, summary: Summary): Element {
  return figure({
    name: "reweighted", title: S.evidence.answer, summary,
    definition: found.off.map((one) => one.name).join(", "),
    draw: () => found.rows.map((row) => lines(row)),
    rows: () => found.rows,
  }).element;
}

function lines(row: Row): SVGSVGElement {
  const number = (key: string) => (typeof row[key] === "number" ? (row[key] as number) : null);
  const top = Math.max(1, ...["high90", "high90_all"].map((key) => number(key) ?? 0));
  const x = scaleLinear([0, top], [250, 760]);
  const one = (tail: string, y: number, words: string) => {
    const [low, low5, mid, high5, high] = ["low90", "low50", "median", "high50", "high90"].map((q) => number(q + tail));
    const bar = (a: number | null | undefined, b: number | null | undefined, kind: string) =>
      typeof a === "number" && typeof b === "number" ? svg("line", { class: kind, x1: x(a), x2: x(b), y1: y, y2: y }) : null;
    return [svg("text", { class: "tick", x: 244, y: y + 4, "text-anchor": "end" }, words),
      bar(low, high, "bar90"), bar(low5, high5, "bar50"),
      typeof mid === "number" ? svg("circle", { class: "point", cx: x(mid), cy: y, r: 4 }) : null,
      svg("text", { class: "tick", x: 770, y: y + 4 }, `${brief(mid)} [${brief(low)} – ${brief(high)}]`)];
  };
  const label = `${row["what"]} ${row["of"] ? `(${row["of"]})` : ""}`;
  const say = (tail: string) => `${brief(number("median" + tail))} [${brief(number("low90" + tail))} – ${brief(number("high90" + tail))}]`;
  return svg("svg", { viewBox: "0 0 960 62", class: "panel blue bars", role: "img",
    "aria-label": `${label}: ${S.evidence.with} ${say("_all")}; ${S.evidence.without} ${say("")}` },
    svg("text", { class: "panel-title", x: 2, y: 22 }, label),
    ...one("_all", 18, S.evidence.with), ...one("", 44, S.evidence.without));
}

function brief(value: number | null | undefined): string {
  return typeof value === "number" ? short(value) : S.withheld;
}
