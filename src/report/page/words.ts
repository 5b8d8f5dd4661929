import { significant } from "../../markup/text-table.js";

/** A number as a sentence has it: to three digits. */
export function rounded(value: number): string {
  return value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6)
    ? String(Number(value.toPrecision(3)))
    : value.toExponential(2);
}

/** A client's name where nothing around it says that it is one: "client 3" of those that are called by numbers. */
export function clientTitle(name: string): string {
  return /^\d+$/.test(name) ? `client ${name}` : name;
}

/** Thousands apart, as in 12,345. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A number of a metric to as many digits as can be told apart; a dash of what is unknown. */
export function metricText(value: number | null): string {
  if (value === null) return "–";
  return Math.abs(value) < 10 && Math.abs(value) >= 1e-3 ? value.toFixed(3) : significant(value);
}

/** A share of a whole: "12 %", or "< 1 %". */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  return share > 0 && share < 1 ? "< 1 %" : `${share.toFixed(share < 10 && share > 0 ? 1 : 0)} %`;
}

/** "a, b and c"; of many the first, and how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length === 0) return "none";
  if (names.length > most) return `${names.slice(0, most).join(", ")} and ${count(names.length - most)} more`;
  if (names.length === 1) return names[0];
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Seconds as people say them. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** "2025-11-07 16:00 UTC" of an ISO time. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** "312 B", "1.2 kB", "3.4 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)}\u00a0kB`;
  return `${(bytes / 1e6).toFixed(1)}\u00a0MB`;
}
