import type { Message, NamedArray, Scalar } from "../../../workflow/message.js";
import type { Frame } from "./frames.js";

/** What goes with every request of a deployment, whose clients remember nothing between two of them. */
export interface Envelope {
  /** What tells the run from all others. */
  readonly run: string;
  /** Name of the rows that the run is about, which a client looks up among those that it permits; no path. */
  readonly dataSource: string;
}

/** A frame's header of a message: its `message` and `scalars`, as Flower's records of these names hold them. */
export function messageHeader(
  { kind, exchange, scalars }: Message,
  envelope: Partial<Envelope> = {},
): Frame["header"] {
  const { run, dataSource: data_source } = envelope;
  return { message: { kind, exchange, run, data_source }, scalars };
}

/** The message of a frame, unchecked: whoever reads it checks it as any that came from elsewhere. */
export function messageOf({ header, arrays }: Frame): Message {
  const { kind, exchange } = recordOf(header.message);
  return {
    kind: kind as string,
    ...(exchange !== undefined && { exchange: exchange as number }),
    arrays: arrays as Record<string, NamedArray>,
    scalars: recordOf(header.scalars) as Record<string, Scalar>,
  };
}

/** The envelope of a request's frame; a text that is not there is empty. */
export function envelopeOf({ header }: Frame): Envelope {
  const { run, data_source: dataSource } = recordOf(header.message);
  return {
    run: typeof run === "string" ? run : "",
    dataSource: typeof dataSource === "string" ? dataSource : "",
  };
}

/** Why a client refused, where a frame is its refusal; null where it is a reply. */
export function refusalOf({ header }: Frame): string | null {
  const { refusal } = recordOf(header.message);
  return typeof refusal === "string" ? refusal : null;
}

/** The header of a refusal. */
export function refusalHeader(reason: string): Frame["header"] {
  return { message: { refusal: reason }, scalars: {} };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
