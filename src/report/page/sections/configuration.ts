import { kebabCase } from "../../../casing.js";
import { nameSettings } from "../../../errors.js";
import { type Block, cells, code, type Section, say } from "../document.js";
import type { RunFacts } from "../facts.js";
import { recordedSettings, settingsFile } from "../settings-file.js";

/** What the run was told: first what differs from the defaults. */
export function configuration({ summary }: RunFacts): Section {
  const settings = recordedSettings(summary);
  const chosen = settings.filter(({ isDefault }) => !isDefault);
  const blocks: Block[] = [];
  const isWhole = typeof summary.configuration.data === "string" && summary.isOurs;
  if (settings.length === 0) {
    blocks.push({ type: "paragraph", text: say`The directory does not say what the settings were.` });
    return { id: "configuration", title: "Configuration", blocks };
  }
  if (chosen.length > 0) {
    blocks.push({
      type: "table",
      caption: "Settings other than the defaults",
      header: ["setting", "value", "meaning"],
      nTexts: 3,
      rows: chosen.map(({ key, value, help }) =>
        cells({ text: [code(key)] }, { text: [code(value)] }, nameSettings(help, kebabCase)),
      ),
    });
  }
  blocks.push({
    type: "details",
    summary: `${settings.length === 1 ? "The setting" : `All ${settings.length} settings`} that decide${settings.length === 1 ? "s" : ""} the result, as a file`,
    blocks: [
      {
        type: "small",
        text: !isWhole
          ? say`What the directory says; what is each client's own is not in it.`
          : say`${code("fedkmeans run --config experiment.toml")} takes it; a relative path means the folder where that is called.`,
      },
      { type: "code", name: "experiment.toml", text: settingsFile(settings) },
    ],
  });
  return { id: "configuration", title: "Configuration", blocks };
}
