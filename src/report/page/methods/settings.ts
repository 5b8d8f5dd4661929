import { FLAG, type Kind, NUMBER, TEXT } from "../../../directory/json-object.js";
import { settingOf } from "../../../directory/read-summary.js";
import type { RunFacts } from "../facts.js";

/** What of a run's record its methods are told by; null is what it does not say. */
export interface MethodSettings {
  readonly algorithm: string | null;
  readonly start: string | null;
  readonly k: number | null;
  readonly kLocal: number | null;
  readonly restarts: number | null;
  readonly localIterations: number | null;
  readonly maxIterations: number | null;
  readonly tolerance: number | null;
  readonly seed: number | null;
  readonly pcaComponents: number | null;
  readonly normalize: boolean | null;
  readonly weighted: boolean | null;
  readonly dropEmpty: boolean | null;
  readonly asPublished: boolean | null;
  readonly label: string | null;
  readonly missing: string | null;
}

export function methodSettings({ summary }: Pick<RunFacts, "summary">): MethodSettings {
  const of = <T>(name: string, kind: Kind<T>) => settingOf(summary, name, kind);
  return {
    algorithm: of("algorithm", TEXT),
    start: of("start", TEXT),
    k: of("k_global", NUMBER),
    kLocal: of("k_local", NUMBER),
    restarts: of("restarts", NUMBER),
    localIterations: of("local_iterations", NUMBER),
    maxIterations: of("max_iterations", NUMBER),
    tolerance: of("tolerance", NUMBER),
    seed: of("random_state", NUMBER),
    pcaComponents: of("pca_components", NUMBER),
    normalize: of("normalize", FLAG),
    weighted: of("weighted", FLAG),
    dropEmpty: of("drop_empty", FLAG),
    asPublished: of("as_published", FLAG),
    label: of("label_column", TEXT),
    missing: of("missing", TEXT),
  };
}
