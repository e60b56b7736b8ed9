// Tables that come ready from the server.

import type { Table } from "./api";
import { h, link } from "./dom";

export function serverTable(table: Table): HTMLElement {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": table.title },
    h("table", {},
      h("caption", {}, table.title),
      h("thead", {}, h("tr", {}, ...table.head.map((words) => h("th", { scope: "col" }, words)))),
      h("tbody", {}, ...table.body.map((row) =>
        h("tr", {}, ...row.map((cell, k) =>
          h(k ? "td" : "th", k ? {} : { scope: "row" }, link(cell.words, cell.link),
            cell.small ? h("small", {}, cell.small) : null)))))));
}
