import { cpus } from "node:os";
import type { EnvironmentRecord, Provenance } from "../directory/summary.js";
import { VERSION } from "../files/package-root.js";

/** What a run says of how it was made: what no result depends on. */
export function provenanceNow(command: readonly string[] | null): Provenance {
  return {
    started: new Date().toISOString(),
    resumed: [],
    finished: null,
    command: command && [...command],
    working_directory: process.cwd(),
    environment: environmentNow(),
  };
}

/**
 * The same of a run that is gone on with: when it began stays, and what it goes on with is of now.
 *
 * @param earlier what the directory says; a version that recorded none of it began at a time that is not known
 */
export function provenanceResumed(
  earlier: Pick<Provenance, "started" | "resumed">,
  command: readonly string[] | null,
): Provenance {
  const now = provenanceNow(command);
  return { ...now, started: earlier.started, resumed: [...earlier.resumed, now.started!] };
}

/** The program, and the machine that it runs on. */
export function environmentNow(): EnvironmentRecord {
  const processors = cpus();
  const { deno } = process.versions as { deno?: string };
  return {
    fedkmeans: VERSION,
    runtime: deno === undefined ? "Node" : "Deno",
    runtime_version: deno ?? process.versions.node,
    platform: process.platform,
    architecture: process.arch,
    processor: processors[0]?.model.trim() || null,
    processors: processors.length,
  };
}
