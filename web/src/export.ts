// Downloads that can be quoted: every file says what it shows, of which case and vintage.

import type { Row, Summary } from "./api";
import { S, fill } from "./strings";
import { download } from "./dom";

export function sourceLine(summary: Summary): string {
  const { hash, vintage, version } = summary;
  return fill(S.figure.source, { case: summary.case, hash, vintage, version });
}

function cell(value: string | number | null | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(title: string, notes: string[], rows: Row[]): string {
  const head = Object.keys(rows[0] ?? {});
  const lines = [title, ...notes].map((line) => `# ${line.replaceAll("\n", " ")}`);
  lines.push(head.join(","), ...rows.map((row) => head.map((name) => cell(row[name])).join(",")));
  return lines.join("\n") + "\n";
}

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity",
  "font-size", "font-family", "font-weight", "text-anchor"];

/** A picture that looks the same without the style sheet of the page. */
export function picture(drawings: SVGSVGElement[], title: string, notes: string[]): string {
  const width = 1000;
  const gap = 12;
  const columns = drawings.length === 1 ? 1 : Math.min(3, drawings.length);
  const across = (width - gap * (columns - 1)) / columns;
  let top = 44;
  let tallest = 0;
  const placed: string[] = [];
  drawings.forEach((drawing, k) => {
    const box = drawing.viewBox.baseVal;
    const high = (across * box.height) / box.width;
    if (k && k % columns === 0) {
      top += tallest + gap;
      tallest = 0;
    }
    tallest = Math.max(tallest, high);
    const copy = styled(drawing);
    copy.setAttribute("x", String((k % columns) * (across + gap)));
    copy.setAttribute("y", String(top));
    copy.setAttribute("width", String(across));
    copy.setAttribute("height", String(high));
    placed.push(new XMLSerializer().serializeToString(copy));
  });
  top += tallest + gap;
  const escape = (t: string) => t.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const lines = notes.flatMap((note) => wrap(note, 150));
  const height = top + 16 * lines.length + 10;
  const paper = getComputedStyle(document.body).backgroundColor;
  const ink = getComputedStyle(document.body).color;
  const said = lines.map((line, k) =>
    `<text x="0" y="${top + 12 + 16 * k}" font-size="12" fill="${ink}">${escape(line)}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 0 ${width + 20} ${height}" ` +
    `font-family="sans-serif"><title>${escape(title)}</title>` +
    `<rect x="-10" width="${width + 20}" height="${height}" fill="${paper}"/>` +
    `<text x="0" y="26" font-size="18" font-weight="700" fill="${ink}">${escape(title)}</text>` +
    placed.join("") + said.join("") + "</svg>\n";
}

function styled(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const from = [drawing, ...drawing.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, k) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) to[k]?.setAttribute(name, style.getPropertyValue(name));
    to[k]?.removeAttribute("class");
  });
  return copy;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1] ?? "";
    if (last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

export function saveCsv(name: string, title: string, notes: string[], rows: Row[]): void {
  download(`${name}.csv`, "text/csv", csv(title, notes, rows));
}

export function saveSvg(name: string, title: string, notes: string[], drawn: SVGSVGElement[]): void {
  download(`${name}.svg`, "image/svg+xml", picture(drawn, title, notes));
}
