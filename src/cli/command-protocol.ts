/**
 * What a command asks of a standard stream, which its own thread's streams do not know; empty where it is no
 * terminal.
 */
export interface StreamFacts {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the thread of a command is started with. */
export interface CommandSetup {
  readonly stdout: StreamFacts;
  readonly stderr: StreamFacts;
}

/** Where a command would leave something behind if it were ended. */
export interface Unfinished {
  readonly type: "unfinished";
  readonly path: string;
  /** An experiment directory, or a folder of files that are written whole. */
  readonly what: "run" | "folder";
}

/** From a command to the main thread, which writes what is to be printed, of both streams in the order it was sent. */
export type FromCommand =
  | Unfinished
  | { readonly type: "write"; readonly to: "stdout" | "stderr"; readonly chunk: string | Uint8Array };
