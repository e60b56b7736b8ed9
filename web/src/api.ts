// What the server sends (docs/page.md). Numbers that may not be shown are null.

import type { Topology } from "topojson-specification";

export type Num = number | null;

export interface Part {
  key: string;
  label: string;
  low90: Num[];
  low50: Num[];
  median: Num[];
  high50: Num[];
  high90: Num[];
}

export interface Chart {
  unit: string;
  definition: string;
  dates: string[];
  withheld: number;
  parts: Part[];
}

export interface Cell {
  words: string;
  small: string;
  link: string;
}

export interface Table {
  title: string;
  head: string[];
  body: Cell[][];
  note: string;
}

export interface Card {
  name: string;
  label: string;
  definition: string;
  value: string;
  within50: string;
  within90: string;
}

export interface Summary {
  case: string;
  hash: string;
  vintage: string;
  version: string;
  title: string;
  question: string;
  start: string;
  end: string;
  event: string;
  event_name: string;
  stamp: string;
  sentences: string[];
  cards: Card[];
  by_rule: Table;
  limits: string[];
  notes: string[];
}

export type Charts = Record<string, Chart>;

export interface Place {
  code: string;
  name: string;
  lat: Num;
  lon: Num;
}

export interface World {
  shapes: GeoJSON.FeatureCollection | Topology;
  note: string;
  origin: string;
  places: Place[];
}

export interface Figure {
  id: string;
  panel: string;
  date: string;
  start: string;
  end: string;
  published: Num;
  published_low: Num;
  published_high: Num;
  point: Num;
  low90: Num;
  low50: Num;
  median: Num;
  high50: Num;
  high90: Num;
  publisher: string;
  publisher_name: string;
  family: string;
  inside90: number;
  place: string;
  confidence: string;
  link: string;
  unit: string;
}

export interface Evidence {
  rows: Figure[];
  definition: string;
  contradictions: Table;
  contradictions_note: string;
}

export interface Rule {
  name: string;
  says: string;
  kind: string;
  moves: string[];
  unit: string;
  source: string;
  part: string;
}

export interface Glossary {
  words: { word: string; says: string }[];
  rules: Rule[];
}

export interface Levers {
  first: string;
  last: string;
  since: string;
  draws: number;
  money: boolean;
  hosts: { code: string; name: string }[];
  note: string;
}

export type Row = Record<string, string | number | null>;

export interface Answer {
  draws: number;
  other: Charts;
  difference: Charts;
  totals: { rows: Row[]; withheld: number };
  scenario: unknown;
  definition: string;
}

export interface Reweighted {
  off: { publisher: string; name: string }[];
  khat: Num;
  ess: number;
  trusted: boolean;
  warning: string;
  rows: Row[];
}

export interface Lives {
  synthetic: string;
  how: string;
  places: Record<string, string>;
  found: null | {
    told: { title: string; told_by: string };
    cannot_tell: string[];
    chances: Record<string, unknown>[];
    near: Life[];
  };
}

export interface Life {
  group: string;
  distance: number;
  misses: Record<string, number>;
  moves: { date: string; move: string; place: string }[];
  diary: Entry[];
  again: { change: string; says: string; same: boolean; moves: Life["moves"] }[];
}

export interface Entry {
  date: string;
  what: string;
  place: string;
  status: string;
  savings: Num;
  belief: Num;
  longing: Num;
  why: null | { chance: number; terms: { rule: string; factor: number; says: string }[] };
}

export class Refused extends Error {}

async function read<T>(answer: Response): Promise<T> {
  const data = await answer.json();
  if (!answer.ok) {
    const findings: { number: number; what: string; do: string }[] = data.findings ?? [];
    throw new Refused(findings.map((f) => `N${f.number} ${f.what}. ${f.do}`).join(" "));
  }
  return data as T;
}

const kept = new Map<string, Promise<unknown>>();

export function get<T>(name: string): Promise<T> {
  if (!kept.has(name)) kept.set(name, fetch(`/api/${name}`).then(read<T>));
  return kept.get(name) as Promise<T>;
}

export async function ask<T>(name: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "content-type": "application/json" };
  const init: RequestInit = { method: "POST", headers, body: JSON.stringify(body) };
  if (signal) init.signal = signal;
  return read<T>(await fetch(`/api/${name}`, init));
}
