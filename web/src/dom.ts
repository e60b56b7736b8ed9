// Elements without HTML strings: what comes from data can never become markup.

import { S } from "./strings";
import type { Num } from "./api";

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | EventListener>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fit(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  return fit(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fit<E extends Element>(made: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, String(value));
  }
  made.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return made;
}

export function link(words: string, address: string): HTMLElement | string {
  if (!/^https?:\/\//.test(address)) return words;
  return h("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, words);
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat("en", { maximumFractionDigits: 0, signDisplay: "exceptZero" });

export function count(value: Num, sign = false): string {
  if (value === null || value === undefined) return S.withheld;
  if (Math.abs(value) < 2 && value !== 0 && !Number.isInteger(value)) return value.toFixed(2);
  return (sign ? signed : whole).format(value);
}

export function short(value: number): string {
  const size = Math.abs(value);
  const say = (v: number, unit: string) => `${Number(v.toPrecision(3))}${unit}`;
  if (size >= 1e6) return say(value / 1e6, "m");
  if (size >= 1e3) return say(value / 1e3, "k");
  return String(Number(value.toPrecision(3)));
}

export function day(iso: string): string {
  const [y, m, d] = iso.split("-").map(Number);
  return `${d} ${S.date[(m ?? 1) - 1]} ${y}`;
}

export function download(name: string, kind: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const anchor = h("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  URL.revokeObjectURL(address);
}
