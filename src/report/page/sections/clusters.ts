import type { Block, Section } from "../document.js";
import type { RunFacts } from "../facts.js";
import { clusterMap } from "./cluster-map.js";
import { profiles } from "./profiles.js";

/** What clusters there are: where they lie, and what each is like. */
export function clusters(facts: RunFacts, showsRows: boolean): Section {
  const figure = clusterMap(facts, showsRows);
  const blocks: Block[] = [...(figure === null ? [] : [figure]), profiles(facts)];
  return { id: "clusters", title: "Clusters", blocks };
}
