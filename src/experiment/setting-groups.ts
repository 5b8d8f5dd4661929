import { type Owner, type RunSetting, SETTING_NAMES, SETTINGS, type SettingName } from "./settings.js";

/* Which settings have something in common: told from their table, so that a new one needs no entry here. */

type NameOf<O extends Owner> = {
  [Name in SettingName]: (typeof SETTINGS)[Name]["of"] extends O ? Name : never;
}[SettingName];

/** The names of those settings that a test holds for, in the table's order. */
function namesOf(test: (setting: RunSetting, name: SettingName) => boolean): readonly SettingName[] {
  return SETTING_NAMES.filter((name) => test(SETTINGS[name], name));
}

/** What decides a run's result, and so is part of its summary. */
export const RECORDED: readonly SettingName[] = namesOf(({ of }) => of !== "execution");

/** What a server decides for the whole federation. */
export const SERVER_SETTINGS: readonly SettingName[] = namesOf(({ of }) => of === "server");

/** What of its clients' own a server on another machine asks for, at least. */
export const ASKED_SETTINGS: readonly SettingName[] = [
  "privacy",
  "groupSize",
  "privacyThreshold",
  "epsilon",
  "delta",
  "declaredRows",
];

/** What can be set of a run whose clients are on other machines: the server's, what it asks for, and how it is executed. */
export const DEPLOYED_SETTINGS: readonly SettingName[] = namesOf(
  ({ of }, name) =>
    of === "server" || ASKED_SETTINGS.includes(name) || (of === "execution" && name !== "carrier"),
);

/**
 * What may differ when a run is resumed: how it is executed, but for where its directory is; and where the data are.
 */
export type ResumableName = "data" | Exclude<NameOf<"execution">, "logDir">;
export const RESUMABLE: readonly ResumableName[] = namesOf(
  ({ of }, name) => name === "data" || (of === "execution" && name !== "logDir"),
) as readonly ResumableName[];

/** What the runs of a study have in common, or differ in. */
export const STUDY_SETTINGS: readonly SettingName[] = namesOf(({ isOfOneRun }) => isOfOneRun === undefined);

/** How data is read: what is the data's, but for where it is. */
export type DataSettingName = Exclude<NameOf<"data">, "data">;
export const DATA_SETTINGS: readonly DataSettingName[] = namesOf(
  ({ of }, name) => of === "data" && name !== "data",
) as readonly DataSettingName[];
