// The form of the what-if view: what a reader set, and nothing else.

import type { Levers } from "../api";
import { h } from "../dom";
import { S, fill } from "../strings";

export interface HostSetting {
  regime?: string;
  permits?: number;
}

export type Setting = Record<string, unknown>;

export interface Form {
  element: HTMLElement;
  setting: () => Setting;
  changed: () => boolean;
  reset: () => void;
}

type Listen = () => void;

function field(id: string, words: string, control: HTMLElement, output: HTMLElement | null = null): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: id }, words), control, output);
}

class Range {
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  constructor(readonly id: string, readonly start: number, limits: [number, number, number],
    readonly say: (value: number) => string, listen: Listen) {
    const [min, max, step] = limits;
    this.output = h("output", { for: id });
    this.input = h("input", { type: "range", id, min, max, step, value: start,
      input: () => { this.show(); listen(); } });
    this.show();
  }
  get value(): number {
    return Number(this.input.value);
  }
  set value(value: number) {
    this.input.value = String(value);
    this.show();
  }
  show(): void {
    this.output.textContent = this.say(this.value);
    this.input.setAttribute("aria-valuetext", this.say(this.value));
  }
  field(words: string): HTMLElement {
    return field(this.id, words, this.input, this.output);
  }
}

const percent = (v: number) => `${Math.round(100 * v)} %`;
const factor = (v: number) => (v === 1 ? "0 %" : `${v > 1 ? "+" : "−"}${Math.abs(Math.round(100 * (v - 1)))} %`);

export function form(levers: Levers, listen: Listen): Form {
  const hosts = new Map<string, HostSetting>();
  const date = (id: string) => h("input", { type: "date", id, min: levers.first, max: levers.last,
    value: levers.since, change: listen });
  const since = date("since");
  const waveDate = date("wave-date");
  const wave = h("select", { id: "wave", change: () => { open(); listen(); } },
    h("option", { value: "none" }, S.whatif.waveNone),
    h("option", { value: "rumoured" }, S.whatif.waveRumoured),
    h("option", { value: "ordered" }, S.whatif.waveOrdered));
  const persons = new Range("wave-persons", 300_000, [50_000, 1_000_000, 50_000], (v) => v.toLocaleString("en"), listen);
  const mood = (v: number) => (v === 0 ? "0" : `${v > 0 ? S.whatif.riskHigh : S.whatif.riskLow} ${Math.abs(v)}`);
  const risk = new Range("risk", 0, [-1, 1, 0.1], mood, listen);
  const decree = h("input", { type: "checkbox", id: "decree", change: listen });
  const ban = new Range("ban", 0, [0, 0.95, 0.05], percent, listen);
  const exchange = new Range("exchange", 1, [0.5, 1.5, 0.05], factor, listen);
  const wages = new Range("wages", 1, [0.7, 1.5, 0.05], factor, listen);
  const waveFields = h("div", {}, field("wave-date", S.whatif.waveDate, waveDate), persons.field(S.whatif.wavePersons));
  const open = () => {
    waveFields.hidden = wave.value === "none";
    persons.input.disabled = wave.value !== "ordered";
  };
  open();
  const host = hostFields(levers, hosts, listen);
  const ranges = [persons, risk, ban, exchange, wages];
  const setting = (): Setting => ({
    since: since.value || levers.since,
    wave: wave.value,
    ...(wave.value === "none" ? {} : { wave_date: later(waveDate.value, since.value) }),
    ...(wave.value === "ordered" ? { wave_persons: persons.value } : {}),
    risk: risk.value, decree_ended: decree.checked, exit_ban: ban.value,
    ...(levers.money ? { exchange: exchange.value, wages: wages.value } : {}),
    hosts: Object.fromEntries(hosts),
  });
  const reset = () => {
    for (const range of ranges) range.value = range.start;
    wave.value = "none";
    decree.checked = false;
    since.value = waveDate.value = levers.since;
    hosts.clear();
    host.show();
    open();
    listen();
  };
  const changed = () => wave.value !== "none" || risk.value !== 0 || decree.checked || ban.value > 0
    || exchange.value !== 1 || wages.value !== 1 || hosts.size > 0;
  const element = h("form", { class: "levers", submit: (event) => event.preventDefault() },
    h("h2", {}, S.whatif.levers),
    field("since", S.whatif.since, since),
    risk.field(S.whatif.risk),
    field("wave", S.whatif.wave, wave), waveFields,
    h("div", { class: "field check" }, decree, h("label", { for: "decree" }, S.whatif.decree)),
    ban.field(S.whatif.ban),
    ...(levers.money ? [exchange.field(S.whatif.exchange), wages.field(S.whatif.wages)] : []),
    host.element);
  return { element, setting, changed, reset };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function hostFields(levers: Levers, hosts: Map<string, HostSetting>, listen: Listen): { element: HTMLElement; show: () => void } {
  const pick = h("select", { id: "host", change: () => show() },
    ...levers.hosts.map((one) => h("option", { value: one.code }, one.name)));
  const options = [["", S.whatif.asIs], ["free", S.whatif.free], ["days90", S.whatif.days90],
    ["visa", S.whatif.visa], ["closed", S.whatif.closed]] as const;
  const regime = h("select", { id: "regime", change: () => set() },
    ...options.map(([value, words]) => h("option", { value }, words)));
  const permits = h("select", { id: "permits", change: () => set() },
    h("option", { value: "" }, S.whatif.asIs),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map((v) => h("option", { value: v }, percent(v))));
  const said = h("p", { class: "note", role: "status" });
  const set = () => {
    const one: HostSetting = {};
    if (regime.value) one.regime = regime.value;
    if (permits.value) one.permits = Number(permits.value);
    if (Object.keys(one).length) hosts.set(pick.value, one);
    else hosts.delete(pick.value);
    show();
    listen();
  };
  const show = () => {
    const one = hosts.get(pick.value);
    regime.value = one?.regime ?? "";
    permits.value = one?.permits === undefined ? "" : String(one.permits);
    const names = levers.hosts.filter((p) => hosts.has(p.code)).map((p) => p.name);
    said.textContent = names.length ? `${S.whatif.changedHosts}: ${names.join(", ")}` : "";
  };
  show();
  const element = h("fieldset", {}, h("legend", {}, S.whatif.host), field("host", S.map.place, pick),
    field("regime", S.whatif.regime, regime), field("permits", S.whatif.permits, permits), said);
  return { element, show };
}

export const busyWords = (draws: number) => fill(S.whatif.busy, { draws });
