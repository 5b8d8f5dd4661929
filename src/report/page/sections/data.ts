import { plural } from "../../../printable.js";
import { type Block, cells, code, type Section, say, type TableBlock } from "../document.js";
import type { RunFacts } from "../facts.js";
import { bytesText, count, listed, metricText } from "../words.js";

/** Files and features that tables show, at most; and files that their CSV has. */
const MOST_FILES = 20;
const MOST_FEATURES = 60;
const MOST_FILES_IN_CSV = 2000;

/** What was clustered: files, features, labels. */
export function data(facts: RunFacts): Section {
  const { summary } = facts;
  const blocks: Block[] = [...sourceBlocks(facts), ...fileTable(facts), featureBlock(facts)];
  const { label_column: label } = summary.configuration;
  const constant = summary.constant_features ?? [];
  if (constant.length > 0) {
    const names = constant.map((feature) => facts.featureNames[feature] ?? `feature ${feature}`);
    blocks.push({
      type: "paragraph",
      text: say`Constant in all rows, so that nothing rests on them: ${listed(names, 20)}.`,
    });
  }
  blocks.push({ type: "paragraph", text: [labelText(facts, label)] });
  return { id: "data", title: "Data", blocks };
}

function labelText({ summary, metrics }: RunFacts, label: unknown): string {
  const used =
    metrics !== null && (metrics.adjustedRandIndex !== null || metrics.ofPoints?.adjustedRandIndex != null);
  if (typeof label === "string" && label !== "none") {
    return `Labels are in the column ${label}: they were used to evaluate, and for nothing else.`;
  }
  if (used) return "Labels were used to evaluate, and for nothing else.";
  return summary.isOurs ? "No labels were used." : "Whether there were labels is not said.";
}

function sourceBlocks({ summary }: RunFacts): Block[] {
  const { deployment, partitions, configuration, isExport } = summary;
  if (deployment !== null) {
    return [
      {
        type: "paragraph",
        text: say`The rows stayed at the clients, each of which looked them up as ${code(deployment.data_source)}: no file and no hash of a file is known here.`,
      },
    ];
  }
  if (isExport) {
    return [
      { type: "paragraph", text: say`Names and hashes of files were left out when this was exported.` },
    ];
  }
  if (partitions === null) return [{ type: "paragraph", text: say`Which files these were is not said.` }];
  const path = configuration.data;
  if (typeof path !== "string") {
    return [{ type: "paragraph", text: say`The rows were in memory: a program or a notebook gave them.` }];
  }
  const { working_directory: folder } = summary.provenance;
  const from = folder === null ? [] : say`, from ${code(folder)}`;
  return [{ type: "paragraph", text: [...say`The rows were in ${code(path)}`, ...from, "."] }];
}

function fileTable({ summary }: RunFacts): TableBlock[] {
  const { partitions } = summary;
  if (partitions === null || partitions.length === 0) return [];
  const more = partitions.length - MOST_FILES;
  return [
    {
      type: "table",
      caption: "The clients' data",
      header: ["client", "file", "SHA-256", "rows", "features", "size"],
      nTexts: 3,
      rows: partitions
        .slice(0, MOST_FILES)
        .map(({ client, file, rows, columns, size, sha256 }) =>
          cells(
            client,
            file ?? "in memory",
            { text: [code(sha256)] },
            count(rows),
            count(columns),
            bytesText(size),
          ),
        ),
      ...(more > 0 && { note: say`And ${count(more)} more, which ${code("experiment_summary.json")} has.` }),
      data: {
        header: ["client", "file", "rows", "features", "bytes", "sha256"],
        rows: partitions
          .slice(0, partitions.length > MOST_FILES_IN_CSV ? MOST_FILES : partitions.length)
          .map(({ client, file, rows, columns, size, sha256 }) => [
            client,
            file,
            rows,
            columns,
            size,
            sha256,
          ]),
      },
    },
  ];
}

/** A table where there is more to say of them than their names. */
function featureBlock(facts: RunFacts): Block {
  const { featureNames, normalization, summary } = facts;
  if (normalization !== null || summary.constant_features !== null) return featureTable(facts);
  const names = listed(featureNames, MOST_FEATURES);
  return {
    type: "paragraph",
    text: say`${plural(featureNames.length, "feature")}, not standardized: ${names}.`,
  };
}

function featureTable({ featureNames, normalization, summary, privately }: RunFacts): TableBlock {
  const constant = new Set(summary.constant_features ?? []);
  const more = featureNames.length - MOST_FEATURES;
  const known = summary.constant_features !== null;
  const isBox = privately !== null && normalization !== null;
  const numbers = (feature: number): [number, number] | null => {
    if (normalization === null) return null;
    const [middle, width] = [normalization.mean[feature], normalization.std[feature]];
    return isBox ? [middle - width, middle + width] : [middle, width];
  };
  const values = (feature: number) => (numbers(feature) ?? []).map(metricText);
  return {
    type: "table",
    caption:
      normalization === null
        ? "Features, which were not standardized"
        : isBox
          ? "Features, with the public bounds that rows were clipped to, and scaled by to [-1, 1]"
          : "Features, with the mean and standard deviation of the federation that they were standardized by",
    header: [
      "feature",
      ...(known ? ["constant"] : []),
      ...(normalization === null ? [] : isBox ? ["low", "high"] : ["mean", "standard deviation"]),
    ],
    nTexts: known ? 2 : 1,
    rows: featureNames
      .slice(0, MOST_FEATURES)
      .map((name, feature) =>
        cells(name, ...(known ? [constant.has(feature) ? "yes" : "no"] : []), ...values(feature)),
      ),
    ...(more > 0 && { note: say`And ${count(more)} more, which the CSV has.` }),
    data: {
      header: ["feature", "constant", ...(isBox ? ["low", "high"] : ["mean", "std"])],
      rows: featureNames.map((name, feature) => [
        name,
        known ? constant.has(feature) : null,
        ...(numbers(feature) ?? [null, null]),
      ]),
    },
  };
}
