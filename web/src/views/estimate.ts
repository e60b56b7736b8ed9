import { type Charts, type Summary, get } from "../api";
import { chartFigure } from "../chartfigure";
import { h } from "../dom";
import { S } from "../strings";
import { serverTable } from "../tables";

export async function estimate(summary: Summary): Promise<Element[]> {
  const charts = await get<Charts>("charts");
  const cards = summary.cards.map((card) =>
    h("div", { class: "card" },
      h("h3", {}, card.label),
      h("p", { class: "big" }, card.value),
      ...(card.value === S.withheld ? [] : [
        h("p", { class: "interval" }, `${S.estimate.within90} ${card.within90}`),
        h("p", { class: "interval" }, `${S.estimate.within50} ${card.within50}`)]),
      h("p", { class: "definition" }, card.definition)));
  const marks = { marks: [summary.event] };
  return [
    h("div", { class: "lead" },
      h("div", {}, ...summary.sentences.map((words) => h("p", {}, words))),
      h("aside", {},
        h("h2", {}, S.estimate.cannot),
        h("ul", {}, ...summary.limits.slice(0, 4).map((words) => h("li", {}, words))),
        h("a", { href: "#limits" }, S.estimate.all))),
    h("h2", { class: "unseen" }, S.estimate.cards),
    h("div", { class: "cards" }, ...cards),
    serverTable(summary.by_rule),
    chartFigure("stocks-rule", S.estimate.rules, charts["stocks_rule"]!, summary,
      { color: "blue", shared: true, ...marks }).element,
    chartFigure("stocks-host", S.estimate.hosts, charts["stocks_host"]!, summary,
      { color: "blue", ...marks }).element,
  ];
}
