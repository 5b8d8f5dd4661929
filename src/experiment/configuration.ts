import { snakeCase } from "../casing.js";
import { delimiterOf } from "../data/formats/csv/delimiter.js";
import { FORMATS } from "../data/formats/formats.js";
import { isMemoryData } from "../data/partitions/memory-data.js";
import { theSetting, UsageError } from "../errors.js";
import type { ServerOptions } from "../federation/server-options.js";
import { muOf } from "../privacy/gaussian-account.js";
import { checkNames, completeSettings } from "../settings/check.js";
import { ALGORITHMS, type AlgorithmName } from "../workflow/clustering/algorithms.js";
import type { TransformOptions } from "../workflow/transform/agree.js";
import { completePrivacy, DEFAULT_GROUP_SCALE, protectionOf, termsOf } from "./privacy-settings.js";
import { ASKED_SETTINGS, RECORDED } from "./setting-groups.js";
import { type Configuration, SETTINGS, type SettingName } from "./settings.js";

/**
 * Completes settings with their defaults and checks them, each alone and together.
 *
 * @param given what the caller chose; undefined and null stand for the default
 * @param sourceOf what to call a setting in an error
 * @throws UsageError naming the setting, what was expected and what was found
 */
export function configure(
  given: Partial<Configuration>,
  sourceOf: (name: SettingName) => string = theSetting,
): Configuration {
  if (given.data == null) {
    throw new UsageError(
      `${sourceOf("data")} is missing: name a folder of one file a client (${FORMATS.map(({ extensions }) => extensions[0]).join(", ")}...)`,
    );
  }
  return complete(given, sourceOf);
}

/**
 * The same for a run whose clients are on other machines, each with its own data: what is a client's own has no value
 * here, and its protection is the least that the server asks for.
 *
 * @throws as `configure`
 */
export function configureDeployed(
  given: Partial<Configuration>,
  sourceOf: (name: SettingName) => string = theSetting,
): Configuration {
  const { data: _, ...own } = given;
  return complete(
    { ...own, recordClientData: false, saveLabels: false, twin: false, stability: 0 },
    sourceOf,
    true,
  );
}

function complete(
  given: Partial<Configuration>,
  sourceOf: (name: SettingName) => string,
  isDeployed = false,
): Configuration {
  checkNames(SETTINGS, given, (name) => `unknown setting ${name}`);
  const { data, ...others } = given;
  const isInMemory = isMemoryData(data);
  const settings = completeSettings(SETTINGS, isInMemory ? others : given, sourceOf);
  const configuration = privately(
    { ...settings, ...(isInMemory && { data }) } as Configuration,
    given,
    sourceOf,
  );
  checkTogether(configuration, sourceOf);
  const { asPublished } = configuration;
  return { ...configuration, ...completePrivacy(configuration, asPublished, sourceOf, isDeployed) };
}

/** What differential privacy and its algorithm imply of each other, and go with. */
function privately(
  configuration: Configuration,
  given: Partial<Configuration>,
  sourceOf: (name: SettingName) => string,
): Configuration {
  const { privacy, stateDir, twin } = configuration;
  const algorithm = given.algorithm ?? (privacy === "dp" ? PRIVATE_ALGORITHM : configuration.algorithm);
  const isPrivate = algorithm === PRIVATE_ALGORITHM;
  if (isPrivate !== (privacy === "dp")) {
    throw new UsageError(
      isPrivate
        ? `${sourceOf("algorithm")} ${algorithm} needs ${sourceOf("privacy")} to be dp, found ${privacy ?? "groups"}`
        : `${sourceOf("privacy")} dp needs ${sourceOf("algorithm")} to be ${PRIVATE_ALGORITHM}, found ${algorithm}`,
    );
  }
  if (!isPrivate) {
    if (stateDir === null) return configuration;
    throw new UsageError(
      `${sourceOf("stateDir")} needs ${sourceOf("privacy")} to be dp, found ${privacy ?? "groups"}`,
    );
  }
  if (configuration.stability > 0) {
    throw new UsageError(
      `${sourceOf("stability")} needs ${sourceOf("privacy")} to be groups or threshold, found dp: each resample would have noise of its own`,
    );
  }
  if (configuration.pcaComponents !== null) {
    throw new UsageError(
      `${sourceOf("pcaComponents")} needs ${sourceOf("privacy")} to be groups or threshold, found dp: components follow from rows`,
    );
  }
  if (given.normalize === false) {
    throw new UsageError(
      `${sourceOf("normalize")} must be on with ${sourceOf("privacy")} dp, whose features are scaled by their bounds`,
    );
  }
  // Nor are components looked for.
  return { ...configuration, algorithm, normalize: true, pca: false, twin };
}

/** The one algorithm whose clients add noise. */
const PRIVATE_ALGORITHM = "dp-lloyd" satisfies AlgorithmName;

function checkTogether(configuration: Configuration, sourceOf: (name: SettingName) => string): void {
  const { algorithm, start, normalize, pca, pcaComponents } = configuration;
  checkColumns(configuration, sourceOf);
  if (configuration.delimiter !== null) delimiterOf(configuration.delimiter, sourceOf("delimiter"));
  ALGORITHMS[algorithm].check(configuration, sourceOf);
  if (!pca && pcaComponents !== null) {
    throw new UsageError(
      `${sourceOf("pcaComponents")} clusters in principal components: it needs ${sourceOf("pca")}, which is off`,
    );
  }
  if (start === "random" && !normalize && pcaComponents === null) {
    throw new UsageError(
      `${sourceOf("start")} random draws in the normalized space: it needs ${sourceOf("normalize")} or ` +
        `${sourceOf("pcaComponents")}`,
    );
  }
  if (start !== "random" && start !== "k-means++" && !start.endsWith(".npy")) {
    throw new UsageError(`${sourceOf("start")} must be k-means++, random or a .npy file, found "${start}"`);
  }
}

/** A column that is named as a feature is nothing else. */
function checkColumns(configuration: Configuration, sourceOf: (name: SettingName) => string): void {
  const { columns, dropColumns, labelColumn, clientColumn } = configuration;
  for (const [name, others] of [
    ["dropColumns", dropColumns],
    ["labelColumn", [labelColumn]],
    ["clientColumn", [clientColumn]],
  ] as const) {
    const both = columns?.find((column) => (others as readonly (string | null)[]).includes(column));
    if (both === undefined) continue;
    throw new UsageError(
      `${sourceOf("columns")} and ${sourceOf(name)} must differ, found ${JSON.stringify(both)} in both`,
    );
  }
}

/** What of it decides how points are transformed. */
export function transformOptionsOf(configuration: Configuration): TransformOptions {
  return { ...configuration, privacyThreshold: configuration.privacyThreshold ?? 0 };
}

/**
 * What a configuration asks of the server.
 *
 * @param start what its `start` stands for, as `readStart` has it
 */
export function serverOptionsOf(configuration: Configuration, start: ServerOptions["start"]): ServerOptions {
  const { kGlobal, kLocal } = configuration;
  const protection = protectionOf(configuration);
  const terms = termsOf(configuration);
  return {
    ...configuration,
    ...transformOptionsOf(configuration),
    k: kGlobal,
    kLocal: kLocal ?? kGlobal,
    start,
    protection,
    privately: terms && { ...terms, mu: muOf(terms.epsilon, terms.delta) },
    // Of a simulation's clients each has the columns that the settings choose, and no others.
    features: null,
  };
}

/**
 * The part of a configuration that decides the result, as `experiment_summary.json` records it; data in memory is null.
 *
 * @param isDeployed whether clients are on other machines: what is theirs to choose is null, as nobody here knows it
 */
export function recordedConfiguration(
  configuration: Configuration,
  isDeployed = false,
): Record<string, unknown> {
  const isKnown = (name: SettingName) =>
    !isMemoryData(configuration[name]) &&
    (!isDeployed || SETTINGS[name].of === "server" || ASKED_SETTINGS.includes(name));
  return Object.fromEntries(
    RECORDED.map((name) => [snakeCase(name), isKnown(name) ? configuration[name] : null]),
  );
}

/**
 * The inverse of `recordedConfiguration`; unknown keys, which a later version may have added, are passed over.
 *
 * @param execution what goes before the record, and what it does not hold
 * @param source what holds the record, for errors
 * @param complete completes and checks it
 * @throws UsageError if a value is not one the setting can have
 */
export function configurationOfRecord(
  record: Readonly<Record<string, unknown>>,
  execution: Partial<Configuration>,
  source: string,
  complete: typeof configure = configure,
): Configuration {
  const recorded: Partial<Configuration> = Object.fromEntries(
    RECORDED.map((name) => [name, record[snakeCase(name)]]),
  );
  // Of a version that had nothing but a threshold.
  if (recorded.privacy === undefined && recorded.privacyThreshold != null) recorded.privacy = "threshold";
  // What null stands for; of a version that recorded it of rows, too.
  if (recorded.groupScale === DEFAULT_GROUP_SCALE) recorded.groupScale = null;
  return complete({ ...recorded, ...execution }, (name) =>
    name in execution ? theSetting(name) : `${snakeCase(name)} in ${source}`,
  );
}
