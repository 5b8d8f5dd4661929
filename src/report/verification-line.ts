import type { Verification } from "../directory/verify.js";

/** What a check of an experiment directory came to, in one line. */
export function verificationLine({ status, rounds, runHash, files }: Omit<Verification, "kind">): string {
  const whole = files === null ? "" : `all ${files} files are as written, `;
  return `${status}, ${whole}rounds 0 to ${rounds - 1} are whole, run hash ${runHash}`;
}
