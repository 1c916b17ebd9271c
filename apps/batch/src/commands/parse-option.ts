import type { RowRange } from "@rota/core";

// What the parsers throw, stricli shows behind the option's name and what was typed for it.

export function parseConcurrency(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new Error("write a whole number from 1 on");
  return value;
}

export function parseUsd(text: string): number {
  const value = Number(text);
  if (!/^[\d.]+$/.test(text) || !(value > 0)) throw new Error("write dollars as 5 or 0.25");
  return value;
}

export function parseErrorRate(text: string): number {
  const value = Number(text);
  if (!/^[\d.]+$/.test(text) || !(value >= 0 && value <= 1)) {
    throw new Error("write a share from 0 to 1, such as 0.01");
  }
  return value;
}

export function parseRowRange(text: string): RowRange {
  const [, from, to] = /^([1-9]\d*):([1-9]\d*)$/.exec(text) ?? [];
  if (from === undefined || to === undefined || Number(from) > Number(to)) {
    throw new Error("write the first and the last row, such as 1:100");
  }
  return { from: Number(from), to: Number(to) };
}

export function parsePort(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new Error("write a port from 0 to 65535");
  return value;
}
