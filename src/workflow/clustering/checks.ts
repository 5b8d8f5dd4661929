import { UsageError } from "../../errors.js";
import type { CheckedSettings, NameOf } from "./algorithm.js";

/*
 * Checks of settings that several algorithms share. Each throws a UsageError that names the setting.
 */

export function wantSingleSteps(algorithm: string, settings: CheckedSettings, nameOf: NameOf): void {
  if (settings.localIterations === 1) return;
  throw new UsageError(
    `${nameOf("localIterations")} must be 1 with algorithm ${algorithm}, whose rounds are single exact ` +
      `steps, found ${settings.localIterations}`,
  );
}

export function wantOwnStart(algorithm: string, settings: CheckedSettings, nameOf: NameOf): void {
  if (settings.start === "k-means++") return;
  throw new UsageError(
    `${nameOf("start")} must be k-means++ with algorithm ${algorithm}, which makes its own start, found ` +
      settings.start,
  );
}

export function refuseAsPublished({ asPublished }: CheckedSettings, nameOf: NameOf): void {
  if (asPublished) throw onlyFkm(nameOf);
}

export function onlyFkm(nameOf: NameOf): UsageError {
  return new UsageError(`${nameOf("asPublished")} goes with algorithm fkm and start k-means++ only`);
}
