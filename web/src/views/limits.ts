import type { Summary } from "../api";
import { h } from "../dom";
import { sourceLine } from "../export";
import { S } from "../strings";

export async function limits(summary: Summary): Promise<Element[]> {
  return [
    h("h2", {}, S.limits.title),
    h("ul", { class: "prose" }, ...summary.limits.map((words) => h("li", {}, words))),
    h("h2", {}, S.limits.notes),
    h("ul", { class: "prose" }, ...summary.notes.map((words) => h("li", {}, words))),
    h("p", { class: "source" }, sourceLine(summary)),
  ];
}
