export type { ClientFacts, Experiment, LocalFacts, RoundFacts, Status } from "./read/experiment.js";
export type { Frame, View } from "./scene/frame.js";
