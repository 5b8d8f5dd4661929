/** What a program, a file or a command line can set: its type, default, range and meaning. Plain data. */
export type Setting =
  | NumberSetting
  | FractionSetting
  | IntegersSetting
  | FlagSetting
  | TextSetting
  | ChoiceSetting
  | NamesSetting;

interface Described {
  /** What it does: a sentence without its default, which names other settings by `theSetting`. */
  readonly help: string;
  /** What stands for the value in `--help`, where that is not the type's own. */
  readonly metavar?: string;
}

/** An integer that JavaScript holds exactly, or a finite number. */
interface NumberSetting extends Described {
  readonly type: "integer" | "number";
  readonly default: number | null;
  /** The least it may be; or what it must be above. */
  readonly min?: number;
  readonly above?: number;
  /** The most it may be. */
  readonly max?: number;
}

/** A number from 0 to 1. */
interface FractionSetting extends Described {
  readonly type: "fraction";
  readonly default: number;
}

/** A list of integers; in one text, with commas between them. */
interface IntegersSetting extends Described {
  readonly type: "integers";
  readonly default: readonly number[];
  readonly min: number;
}

interface FlagSetting extends Described {
  readonly type: "flag";
  readonly default: boolean;
}

/** A text that is not empty: a name, a path. */
interface TextSetting extends Described {
  readonly type: "text";
  readonly default: string | null;
  readonly metavar: string;
}

interface ChoiceSetting extends Described {
  readonly type: "choice";
  readonly default: string | null;
  readonly choices: readonly string[];
}

/** Different names, none of them empty; in one text, with commas between them. */
interface NamesSetting extends Described {
  readonly type: "names";
  readonly default: readonly string[] | null;
}

/** Settings by their names, which are in camelCase. The order is that of `--help`. */
export type SettingTable = Readonly<Record<string, Setting>>;

interface Values {
  integer: number;
  number: number;
  fraction: number;
  integers: readonly number[];
  flag: boolean;
  text: string;
  choice: string;
  names: readonly string[];
}

/** What a setting's value is, as its entry in a table says; null too where the default is null. */
export type ValueOf<S extends Setting> = null extends S["default"] ? GivenOf<S> | null : GivenOf<S>;

type GivenOf<S extends Setting> = S extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Values[S["type"]];

/** The values of a table's settings, all of them there. */
export type ValuesOf<Table extends SettingTable> = {
  -readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

/** What stands for the value in `--help`; null of a flag, which has none. */
export function metavarOf(setting: Setting): string | null {
  if (setting.metavar !== undefined) return setting.metavar;
  switch (setting.type) {
    case "flag":
      return null;
    case "choice":
      return setting.choices.join("|");
    case "names":
    case "integers":
      return "A,B,...";
    default:
      return setting.type === "integer" ? "N" : "X";
  }
}
