import { readFileSync } from "node:fs";

/** Most memory this process has had. Linux counts in maxRSS what it was forked from; VmHWM is the program's own. */
export function peakBytes() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
