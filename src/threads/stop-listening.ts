import type { MessagePort } from "node:worker_threads";

/** Lets a worker thread end. Deno's `parentPort` has no `close`: there the thread itself is closed. */
export function stopListening(port: MessagePort): void {
  if (typeof port.close === "function") port.close();
  else (globalThis as { close?: () => void }).close?.();
}
