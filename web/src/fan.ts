// Fans over time as small panels: median, 50 and 90 % bands, and a second line to compare with.

import { bisectCenter, max, min } from "d3-array";
import { scaleLinear, scaleUtc } from "d3-scale";
import { area, line } from "d3-shape";
import { utcFormat } from "d3-time-format";
import type { Chart, Num, Part, Row } from "./api";
import { S, fill } from "./strings";
import { count, day, h, short, svg } from "./dom";

export interface Look {
  color: string;
  /** Panels on one scale, so that they can be compared. */
  shared?: boolean;
  /** Medians drawn as a dashed line, by key of the part. */
  against?: Chart | null;
  /** Days marked with a vertical line. */
  marks?: string[];
  wide?: boolean;
}

const W = 320;
const H = 180;
const PAD = { left: 46, right: 12, top: 26, bottom: 22 };
const month = utcFormat("%b %y");
const time = (iso: string) => new Date(`${iso}T00:00:00Z`);

export function fans(chart: Chart, title: string, look: Look): Element[] {
  const extent = look.shared ? reach(chart.parts, look) : null;
  const panels = chart.parts.map((part) => panel(chart, part, look, extent ?? reach([part], look)));
  const values = chart.parts.slice(0, 4).map((p) => `${p.label} ${count(last(p.median))}`);
  const alt = fill(S.figure.alt, { title, n: chart.parts.length, first: day(chart.dates[0] ?? ""),
    last: day(chart.dates.at(-1) ?? ""), values: values.join("; ") });
  return [h("div", { class: look.wide ? "panels wide" : "panels", role: "img", "aria-label": alt }, ...panels)];
}

function last(values: Num[]): Num {
  return values.at(-1) ?? null;
}

function reach(parts: Part[], look: Look): [number, number] {
  const other = look.against?.parts.filter((p) => parts.some((q) => q.key === p.key)) ?? [];
  const all = [...parts.flatMap((p) => [...p.low90, ...p.high90]), ...other.flatMap((p) => p.median)];
  const seen = all.filter((v): v is number => v !== null);
  return [Math.min(0, min(seen) ?? 0), Math.max(0, max(seen) ?? 0) || 1];
}

function panel(chart: Chart, part: Part, look: Look, extent: [number, number]): SVGSVGElement {
  const dates = chart.dates.map(time);
  const x = scaleUtc([dates[0] ?? new Date(0), dates.at(-1) ?? new Date(0)], [PAD.left, W - PAD.right]);
  const y = scaleLinear(extent, [H - PAD.bottom, PAD.top]).nice(4);
  const at = (k: number) => x(dates[k] ?? new Date(0));
  const band = (low: Num[], high: Num[]) =>
    area<number>().defined((k) => known(low[k]) && known(high[k])).x(at)
      .y0((k) => y(low[k] ?? 0)).y1((k) => y(high[k] ?? 0))(dates.map((_, k) => k)) ?? "";
  const path = (values: Num[]) =>
    line<number>().defined((k) => known(values[k])).x(at).y((k) => y(values[k] ?? 0))(
      values.map((_, k) => k)) ?? "";
  const before = look.against?.parts.find((p) => p.key === part.key);
  const readout = svg("text", { class: "readout", x: W - PAD.right, y: 14, "text-anchor": "end" });
  const hair = svg("line", { class: "hair", y1: PAD.top, y2: H - PAD.bottom, x1: -9, x2: -9 });
  const made = svg("svg", { viewBox: `0 0 ${W} ${H}`, class: `panel ${look.color}`, "aria-hidden": "true" },
    ...grid(x, y),
    ...(look.marks ?? []).map(time).filter((d) => d >= dates[0]! && d <= dates.at(-1)!).map((d) =>
      svg("line", { class: "mark", x1: x(d), x2: x(d), y1: PAD.top, y2: H - PAD.bottom })),
    svg("path", { class: "band90", d: band(part.low90, part.high90) }),
    svg("path", { class: "band50", d: band(part.low50, part.high50) }),
    svg("path", { class: "median", d: path(part.median) }),
    before ? svg("path", { class: "before", d: path(before.median) }) : null,
    hair,
    svg("text", { class: "panel-title", x: 2, y: 14 }, part.label),
    readout);
  const show = (event: Event) => {
    const box = made.getBoundingClientRect();
    const along = (((event as PointerEvent).clientX - box.left) / box.width) * W;
    const k = bisectCenter(dates, x.invert(along));
    hair.setAttribute("x1", String(at(k)));
    hair.setAttribute("x2", String(at(k)));
    const interval = fill(S.figure.interval, { low: brief(part.low90[k]), high: brief(part.high90[k]) });
    readout.textContent = `${day(chart.dates[k] ?? "")}: ${brief(part.median[k])} ${interval}`;
    made.classList.add("read");
  };
  made.addEventListener("pointermove", show);
  made.addEventListener("pointerleave", () => made.classList.remove("read"));
  return made;
}

function brief(value: Num | undefined): string {
  return value === null || value === undefined ? S.withheld : short(value);
}

function known(value: Num | undefined): value is number {
  return value !== null && value !== undefined;
}

type Time = ReturnType<typeof scaleUtc<number>>;
type Linear = ReturnType<typeof scaleLinear<number>>;

function grid(x: Time, y: Linear): SVGElement[] {
  const ticks = y.ticks(4).flatMap((value) => [
    svg("line", { class: value === 0 ? "zero" : "rule", x1: PAD.left, x2: W - PAD.right, y1: y(value), y2: y(value) }),
    svg("text", { class: "tick", x: PAD.left - 5, y: y(value) + 3.5, "text-anchor": "end" }, short(value))]);
  const times = x.ticks(3).map((d) =>
    svg("text", { class: "tick", x: x(d), y: H - 7, "text-anchor": "middle" }, month(d)));
  return [...ticks, ...times];
}

/** One row per panel and date, as the CSV and the table show them. */
export function chartRows(chart: Chart): Row[] {
  return chart.parts.flatMap((part) => chart.dates.map((date, k) => ({
    panel: part.label, date, unit: chart.unit,
    low90: part.low90[k] ?? null, low50: part.low50[k] ?? null, median: part.median[k] ?? null,
    high50: part.high50[k] ?? null, high90: part.high90[k] ?? null,
  })));
}
