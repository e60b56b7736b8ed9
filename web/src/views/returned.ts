import { type Charts, type Evidence, type Summary, get } from "../api";
import { chartFigure } from "../chartfigure";
import { h } from "../dom";
import { S } from "../strings";
import { serverTable } from "../tables";

export async function returned(summary: Summary): Promise<Element[]> {
  const charts = await get<Charts>("charts");
  return [
    chartFigure("returned", S.returned.title, charts["returned"]!, summary,
      { color: "green", shared: true, marks: [summary.event] }).element,
    serverTable(summary.by_rule),
  ];
}

export async function contradictions(_summary: Summary): Promise<Element[]> {
  const evidence = await get<Evidence>("evidence");
  return [h("p", {}, evidence.contradictions_note), serverTable(evidence.contradictions)];
}
