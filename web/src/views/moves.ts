import { type Charts, type Summary, get } from "../api";
import { chartFigure } from "../chartfigure";
import { S } from "../strings";

export async function moves(summary: Summary): Promise<Element[]> {
  const charts = await get<Charts>("charts");
  const marks = [summary.event];
  const show = (name: string, title: string, chart: string, color: string) =>
    chartFigure(name, title, charts[chart]!, summary, { color, marks }).element;
  return [
    show("moves", S.moves.moves, "moves", "vermilion"),
    show("belief", S.moves.belief, "belief", "purple"),
    show("arrivals-host", S.moves.arrivals, "arrivals_host", "vermilion"),
    show("home-host", S.moves.home, "home_host", "blue"),
  ];
}
