import { configurationOfRecord } from "./configuration.js";
import type { Experiment } from "./open.js";
import { DATA_SETTINGS, type DataSettingName } from "./setting-groups.js";
import type { Configuration } from "./settings.js";

/** How data is read: settings of a run that `load` takes too, and that go with what it returns. */
export type DataSettings = Readonly<Pick<Configuration, DataSettingName>>;

/** Options of `load`: how the data are read. */
export type LoadOptions = Partial<DataSettings>;

/** Those of a run's settings that say how its data is read. */
export function dataSettings(settings: DataSettings): DataSettings {
  return Object.fromEntries(DATA_SETTINGS.map((name) => [name, settings[name]])) as unknown as DataSettings;
}

/** How the data of a run was read. */
export function dataSettingsOfRun({ configuration, experimentDir }: Experiment): DataSettings {
  return dataSettings(configurationOfRecord(configuration, { data: experimentDir }, experimentDir));
}
