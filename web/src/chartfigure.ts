// A chart of the server as a figure.

import type { Chart, Summary } from "./api";
import { S } from "./strings";
import { type Look, chartRows, fans } from "./fan";
import { type Frame, figure } from "./figure";

export function chartFigure(
  name: string, title: string, chart: Chart, summary: Summary, look: Look,
): Frame {
  const more = look.against ? ` ${S.figure.baseLine}` : "";
  return figure({
    name, title, summary,
    definition: `${chart.definition} ${S.figure.bands}${more}`,
    draw: () => fans(chart, title, look),
    rows: () => chartRows(chart),
  });
}
