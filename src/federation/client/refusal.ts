import { messageOf, RunError } from "../../errors.js";

/** What leaves of why rows cannot be read: the reason names a file and may quote a cell. */
export const UNREADABLE = "its rows cannot be read; it tells its owner why";
/** What leaves of whatever else is its owner's to know. */
export const UNABLE = "it cannot answer; it tells its owner why";

/** Characters of what a server is told, at most. */
const LONGEST = 1000;

/** Why a client does not answer. Its message is what a server is told: no value, no path, no number of rows. */
export class Refusal extends RunError {
  /** For whoever holds the rows, and nobody else. */
  readonly reason: string;

  constructor(told: string, reason: string) {
    super(told.slice(0, LONGEST));
    this.reason = reason;
  }
}

/** What was made to be sent, which its owner may know as well. */
export function openRefusal(told: string): Refusal {
  return new Refusal(told, told);
}

/** Any other error, of which a server is told nothing but that there was one. */
export function refusalOf(error: unknown, told: string = UNABLE): Refusal {
  return error instanceof Refusal ? error : new Refusal(told, messageOf(error));
}
