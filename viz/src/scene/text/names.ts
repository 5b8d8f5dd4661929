import { plural } from "./numbers.js";

/** What a client is called in a picture: its name, with a noun where that is a mere number, as clusters have numbers too. */
export function clientTitle(name: string): string {
  return /^\d+$/.test(name) ? `Client ${name}` : name;
}

/** What those clients are called together that have no place of their own. */
export function othersTitle(nClients: number): string {
  return plural(nClients, "more client");
}
