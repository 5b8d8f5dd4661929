import type { RunFacts } from "./facts.js";
import { byFolder, type RunFile, runFiles } from "./files.js";

/** An entity of a crate. */
type Entity = Readonly<Record<string, unknown>> & { readonly "@id": string };

/** Files that a crate lists one by one, at most; of more, folders. And data files. */
const MOST_FILES = 300;
const MOST_DATA = 300;
const RUN = "#run";
const PROGRAM = "#fedkmeans";

/**
 * The directory as an RO-Crate 1.1: what archives read of a run. Its files, and the action that made them, with what and of
 * which data. In a copy of the directory, as `ro-crate-metadata.json`, it makes that a crate.
 *
 * @see https://www.researchobject.org/ro-crate/specification/1.1/
 */
export function roCrate(facts: RunFacts, title: string, description: string): string {
  const { summary } = facts;
  const files = runFiles(facts.directory);
  const parts = files === null ? [] : partsOf(files);
  const data = dataOf(facts);
  const { finished, started } = summary.provenance;
  const published = finished ?? started;
  const graph: Entity[] = [
    {
      "@id": "ro-crate-metadata.json",
      "@type": "CreativeWork",
      conformsTo: { "@id": "https://w3id.org/ro/crate/1.1" },
      about: { "@id": "./" },
    },
    {
      "@id": "./",
      "@type": "Dataset",
      name: title,
      description,
      // The format wants one; when somebody publishes the crate, they put theirs.
      ...(published !== null && { datePublished: published }),
      license: "not stated: to be said by whoever publishes this",
      identifier: `sha256:${facts.runHash}`,
      hasPart: parts.map(({ "@id": id }) => ({ "@id": id })),
      mentions: { "@id": RUN },
    },
    actionOf(facts, data),
    programOf(facts),
    ...data,
    ...parts,
  ];
  const context = [
    "https://w3id.org/ro/crate/1.1/context",
    { sha256: "https://w3id.org/ro/terms/workflow-run#sha256" },
  ];
  return `${JSON.stringify({ "@context": context, "@graph": graph }, null, 1)}\n`;
}

function actionOf({ summary, runHash }: RunFacts, data: readonly Entity[]): Entity {
  const { started, finished } = summary.provenance;
  const isDone = summary.status === "completed";
  return {
    "@id": RUN,
    "@type": "CreateAction",
    name: `Federated k-means, run ${runHash.slice(0, 12)}`,
    ...(started !== null && { startTime: started }),
    ...(finished !== null && { endTime: finished }),
    ...(summary.status === "unknown"
      ? {}
      : {
          actionStatus: {
            "@id": `http://schema.org/${isDone ? "CompletedActionStatus" : summary.status === "aborted" ? "FailedActionStatus" : "ActiveActionStatus"}`,
          },
        }),
    instrument: { "@id": PROGRAM },
    ...(data.length > 0 && { object: data.map(({ "@id": id }) => ({ "@id": id })) }),
    result: { "@id": "./" },
  };
}

function programOf({ summary }: RunFacts): Entity {
  const environment = summary.isOurs ? summary.provenance.environment : null;
  return {
    "@id": PROGRAM,
    "@type": "SoftwareApplication",
    name: summary.isOurs ? "fedkmeans" : "a program that is not said",
    ...(environment !== null && {
      softwareVersion: environment.fedkmeans,
      operatingSystem: `${environment.platform} ${environment.architecture}`,
      softwareRequirements: `${environment.runtime} ${environment.runtime_version}`,
    }),
  };
}

/** The clients' files by their names, which are no part of the crate. */
function dataOf({ summary }: RunFacts): Entity[] {
  return (summary.partitions ?? [])
    .slice(0, MOST_DATA)
    .map(({ client, file, rows, columns, size, sha256 }) => ({
      "@id": `#data-${encodeURIComponent(client)}`,
      "@type": "CreativeWork",
      name: file ?? `rows of ${client}, in memory`,
      description: `${rows} rows of ${columns} features at the client ${client}; not in this crate`,
      contentSize: String(size),
      sha256,
    }));
}

function partsOf(files: readonly RunFile[]): Entity[] {
  if (files.length <= MOST_FILES) return [...files.map(fileEntity), MANIFEST];
  return byFolder(files).flatMap(({ name, files: inside, size }): Entity[] =>
    name === ""
      ? [...inside.map(fileEntity), MANIFEST]
      : [
          {
            "@id": address(name),
            "@type": "Dataset",
            name: name.slice(0, -1),
            description: `${inside.length} files of ${size} bytes in all, which manifest.json lists`,
          },
        ],
  );
}

const MANIFEST: Entity = {
  "@id": "manifest.json",
  "@type": "File",
  name: "manifest.json",
  description: "size and SHA-256 of every file",
  encodingFormat: "application/json",
};

function fileEntity({ path, size, sha256 }: RunFile): Entity {
  const type = TYPES[path.slice(path.lastIndexOf("."))];
  return {
    "@id": address(path),
    "@type": "File",
    name: path,
    contentSize: String(size),
    sha256,
    ...(type !== undefined && { encodingFormat: type }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".jsonl": "application/jsonl",
  ".npy": "application/x-npy",
  ".log": "text/plain",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".gif": "image/gif",
};

/** A path as a relative address. */
function address(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
