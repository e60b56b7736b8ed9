import { mean } from "d3-array";
import { type GeoPermissibleObjects, geoAzimuthalEqualArea, geoPath } from "d3-geo";
import { scaleSqrt } from "d3-scale";
import { feature } from "topojson-client";
import { type Chart, type Charts, type Num, type Place, type Row, type Summary, type World, get } from "../api";
import { count, day, h, short, svg } from "../dom";
import { figure } from "../figure";
import { S, fill } from "../strings";

const W = 960;
const H = 560;

interface Spot extends Place {
  x: number;
  y: number;
  stock: Num;
  arrive: Num;
  home: Num;
}

export async function map(summary: Summary): Promise<Element[]> {
  const [world, charts] = await Promise.all([get<World>("world"), get<Charts>("charts")]);
  const stocks = charts["stocks_host"]!;
  const dates = stocks.dates;
  let k = dates.length - 1;
  const when = h("output", { for: "when" });
  const frame = figure({
    name: "map", title: S.map.title, summary,
    definition: `${S.map.legendStock}. ${S.map.legendArrive}. ${S.map.legendHome}. ${world.note}`,
    draw: () => [drawing(world, spots(world, charts, k), day(dates[k] ?? ""), charts)],
    rows: () => spots(world, charts, k).map((s): Row => ({ host: s.name, date: dates[k] ?? "",
      "persons abroad": s.stock, "arrivals per week": s.arrive, "returns per week": s.home })),
  });
  const slider = h("input", { type: "range", id: "when", min: 0, max: dates.length - 1, value: k,
    input: () => {
      k = Number(slider.value);
      say();
      frame.renew();
    } });
  const say = () => {
    when.textContent = day(dates[k] ?? "");
    slider.setAttribute("aria-valuetext", when.textContent);
  };
  say();
  return [h("div", { class: "slider" }, h("label", { for: "when" }, S.map.when), slider, when), frame.element];
}

const projection = geoAzimuthalEqualArea().clipAngle(110);

function spots(world: World, charts: Charts, k: number): Spot[] {
  const hosts = world.places.filter((p) => p.code !== world.origin && p.lat !== null);
  const points = world.places.filter((p) => p.lat !== null)
    .map((p): [number, number] => [p.lon ?? 0, p.lat ?? 0]);
  const cloud: GeoPermissibleObjects = { type: "MultiPoint", coordinates: points };
  projection.rotate([-(mean(points, (p) => p[0]) ?? 0), -(mean(points, (p) => p[1]) ?? 0)]);
  projection.fitExtent([[90, 70], [W - 90, H - 70]], cloud);
  const of = (chart: Chart, code: string): Num => chart.parts.find((p) => p.key === code)?.median[k] ?? null;
  return hosts.map((p) => {
    const [x, y] = projection([p.lon ?? 0, p.lat ?? 0]) ?? [0, 0];
    return { ...p, x, y, stock: of(charts["stocks_host"]!, p.code),
      arrive: of(charts["arrivals_host"]!, p.code), home: of(charts["home_host"]!, p.code) };
  });
}

function drawing(world: World, hosts: Spot[], date: string, charts: Charts): SVGSVGElement {
  const path = geoPath(projection);
  const home = world.places.find((p) => p.code === world.origin);
  const [ox, oy] = projection([home?.lon ?? 0, home?.lat ?? 0]) ?? [0, 0];
  const top = (chart: Chart) => Math.max(1, ...chart.parts.flatMap((p) => p.median.map((v) => v ?? 0)));
  const radius = scaleSqrt([0, top(charts["stocks_host"]!)], [0, 38]);
  const width = scaleSqrt([0, Math.max(top(charts["arrivals_host"]!), top(charts["home_host"]!))], [0, 16]);
  const arc = (spot: Spot, value: Num, name: string, bend: number) =>
    value ? svg("path", { class: name, "stroke-width": width(value), d: curve(ox, oy, spot.x, spot.y, bend) }) : null;
  const largest = [...hosts].sort((a, b) => (b.stock ?? 0) - (a.stock ?? 0));
  const values = largest.slice(0, 5).map((s) => `${s.name} ${count(s.stock)}`).join("; ");
  return svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "map", role: "img",
    "aria-label": fill(S.map.alt, { date, values }) },
    svg("rect", { class: "sea", width: W, height: H }),
    ...outlines(world).map((f) => svg("path", { class: "land", d: path(f) ?? "" })),
    ...hosts.flatMap((s) => [arc(s, s.arrive, "arc-out", 0.18), arc(s, s.home, "arc-home", -0.18)]),
    svg("circle", { class: "origin", cx: ox, cy: oy, r: 5 }),
    svg("text", { class: "place", x: ox + 12, y: oy - 2 }, home?.name ?? ""),
    ...largest.map((s) => svg("circle", { class: "stock", cx: s.x, cy: s.y, r: Math.max(2.5, radius(s.stock ?? 0)) })),
    ...largest.map((s) => svg("text", { class: "place", x: s.x, y: s.y + Math.max(2.5, radius(s.stock ?? 0)) + 13,
      "text-anchor": "middle" }, `${s.name} ${s.stock === null ? S.withheld : short(s.stock)}`)));
}

function outlines(world: World): GeoJSON.Feature[] {
  if (world.shapes.type === "FeatureCollection") return world.shapes.features;
  const found = feature(world.shapes, world.shapes.objects["countries"]!);
  return "features" in found ? found.features : [found];
}

function curve(x1: number, y1: number, x2: number, y2: number, bend: number): string {
  const mx = (x1 + x2) / 2 - (y2 - y1) * bend;
  const my = (y1 + y2) / 2 + (x2 - x1) * bend;
  return `M${x1},${y1}Q${mx},${my} ${x2},${y2}`;
}
