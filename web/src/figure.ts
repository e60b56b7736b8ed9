// The frame of every chart: title, drawing, caption with its source, CSV, SVG and a table.

import type { Row, Summary } from "./api";
import { S, fill } from "./strings";
import { count, h } from "./dom";
import { saveCsv, saveSvg, sourceLine } from "./export";

export interface Shown {
  name: string;
  title: string;
  /** What the numbers are; stands in the caption and in every download. */
  definition: string;
  summary: Summary;
  /** Draws into the frame; called again after a change. */
  draw: () => Element[];
  rows: () => Row[];
}

export interface Frame {
  element: HTMLElement;
  renew: () => void;
}

export function figure(shown: Shown): Frame {
  const { name, title, definition, summary } = shown;
  const body = h("div", { class: "drawing" });
  let asTable = false;
  const notes = [definition, sourceLine(summary)];
  const renew = () => {
    body.replaceChildren(...(asTable ? [rowsTable(shown.rows(), title)] : shown.draw()));
  };
  const toggle = h("button", { type: "button", "aria-pressed": "false",
    "aria-label": fill(S.figure.tableLong, { title }), click: () => {
      asTable = !asTable;
      toggle.setAttribute("aria-pressed", String(asTable));
      toggle.textContent = asTable ? S.figure.chart : S.figure.table;
      svgButton.disabled = asTable;
      renew();
    } }, S.figure.table);
  const svgButton = h("button", { type: "button", "aria-label": fill(S.figure.svgLong, { title }),
    click: () => saveSvg(name, title, notes, [...body.querySelectorAll("svg")]) }, S.figure.svg);
  const csvButton = h("button", { type: "button", "aria-label": fill(S.figure.csvLong, { title }),
    click: () => saveCsv(name, title, notes, shown.rows()) }, S.figure.csv);
  renew();
  const element = h("figure", { class: "figure", "data-name": name },
    h("div", { class: "figure-head" },
      h("h3", {}, title),
      h("div", { class: "tools" }, csvButton, svgButton, toggle)),
    body,
    h("figcaption", {}, definition, " ", h("span", { class: "source" }, sourceLine(summary))));
  return { element, renew };
}

export function rowsTable(rows: Row[], title: string): HTMLElement {
  const head = Object.keys(rows[0] ?? {});
  const say = (value: Row[string]) => (typeof value === "string" ? value : count(value ?? null));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
    h("table", {},
      h("caption", { class: "unseen" }, title),
      h("thead", {}, h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows.map((row) =>
        h("tr", {}, ...head.map((name) =>
          h("td", { class: typeof row[name] === "string" ? "" : "number" }, say(row[name] ?? null))))))));
}
