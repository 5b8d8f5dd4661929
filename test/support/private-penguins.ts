import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { run } from "#src/experiment/run.js";
import type { Configuration } from "#src/experiment/settings.js";
import { type Deployed, deployPenguins } from "./deployment.js";
import { temporaryFolder } from "./temporary.js";

/** Bounds that somebody could write who has never seen these penguins. */
export const PENGUIN_BOUNDS = `feature,low,high
bill_length_mm,25,65
bill_depth_mm,10,25
flipper_length_mm,150,250
body_mass_g,2000,7000
`;

/** Settings of the penguins under differential privacy: epsilon 4, and 340 declared rows of the 342. */
export function privateSettings(context: TestContext): Partial<Configuration> {
  const bounds = join(temporaryFolder(context), "bounds.csv");
  writeFileSync(bounds, PENGUIN_BOUNDS);
  return { privacy: "dp", epsilon: 4, declaredRows: 340, bounds };
}

/** A simulation of the penguins under differential privacy; the path of its directory. */
export async function privatePenguinRun(
  context: TestContext,
  more: Partial<Configuration> = {},
): Promise<string> {
  const logDir = temporaryFolder(context);
  const settings = { data: "data/penguins", labelColumn: "species", logDir, ...privateSettings(context) };
  return (await run({ ...settings, ...more })).experimentDir;
}

/** The same of clients elsewhere, of whom a server knows noisy answers alone. */
export function deployPrivatePenguins(
  context: TestContext,
  more: Partial<Configuration> = {},
): Promise<Deployed> {
  return deployPenguins(context, { ...privateSettings(context), ...more });
}
