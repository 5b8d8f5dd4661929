import { labelsOfAllRows } from "../../data/partitions/left-out.js";
import type { Partition } from "../../data/partitions/partition.js";
import { messageOf, RunError, theSetting } from "../../errors.js";
import { NO_POLICY, type Policy } from "../../privacy/policy.js";
import { checkWanted } from "../../workflow/handshake.js";
import { checkMessage, type Message } from "../../workflow/message.js";
import type { Protection } from "../../workflow/protection.js";
import type { BudgetOfRun } from "../federation.js";
import type { AnsweringClient } from "./answering-client.js";
import { bothClients } from "./both-clients.js";
import { sentBefore } from "./budget/modes.js";
import { LocalClient } from "./client.js";
import { answeredLine, isOfClustered, type KeptRecords, refusedLine } from "./kept-records.js";
import { privateClients } from "./private-clients.js";
import { openRefusal, Refusal, refusalOf, UNREADABLE } from "./refusal.js";
import { openRecords, type RunFolder, writeRecords } from "./run-folder.js";
import { type RunPoints, type StateFolder, UnknownRunError } from "./state-folder.js";

/**
 * A client on a machine of its own, for one run. From one message to the next, each of which may reach another process,
 * it remembers nothing but its state.
 */
export interface DeployedClient {
  readonly name: string;
  readonly run: string;
  readonly policy: Policy;
  /** The groups its rows are in for good; null where rows are points, and in a simulation, which groups them anew. */
  readonly state: StateFolder | null;
  /** Under differential privacy, the folder of its budget; else null. */
  readonly budget: Omit<BudgetOfRun, "run"> | null;
  /** Reads all of its rows. */
  readonly load: () => Promise<Partition>;
  /** Whether its owner lets a run begin from whose points rare rows could be proven. */
  readonly allowProven: boolean;
  /** Where it keeps its records; null: nowhere. */
  readonly folder: RunFolder | null;
  /** Tells its owner. */
  readonly tell: (line: string) => void;
}

/** Of a client under differential privacy in a simulation. */
const NOBODY =
  "FEDKMEANS_SIMULATION is 1: whoever simulates has the rows of all clients, so the noise protects nobody";

const NOT_BEGUN = "the run has not begun here: the handshake comes first";

/** What an answer is computed with. */
interface Answering {
  readonly local: AnsweringClient;
  /** What its owner should know of the rows, one line each. */
  readonly notices: readonly string[];
  /** The rows that stand behind the points, for the owner's own records. */
  readonly rows: () => Promise<RowsBehind>;
}

interface RowsBehind {
  readonly client: LocalClient;
  /** What was found of these rows, as of all rows of the file. */
  readonly ofAll: (labels: Int32Array) => Int32Array;
}

/**
 * Answers one request. What is recorded of it is in its files before it is returned, or refused.
 *
 * @param request anything
 * @throws Refusal
 */
export async function answerDeployed(client: DeployedClient, request: Message): Promise<Message> {
  let records: KeptRecords | null = null;
  try {
    const { kind } = asSent(() => checkMessage(request));
    records = client.folder && openRecords(client.folder, kind === "handshake");
    // Nothing leaves that its records do not hold.
    if (client.folder !== null && records === null) throw openRefusal(NOT_BEGUN);
    const answering = await answeringOf(client, request);
    const { local } = answering;
    const reply = asSent(() => local.answer(request));
    if (kind === "handshake") tellBegun(client, answering, records);
    records?.enter(() => answeredLine(local, request, reply));
    if (isOfClustered(request)) records?.keepPoints(local);
    if (kind === "evaluation/fit" && records !== null) await keepRows(client, answering, request, records);
    records?.logSent(reply, local);
    if (records !== null) await writeRecords(client.folder!, records);
    return reply;
  } catch (error) {
    throw await refused(client, request, refusalOf(error), records);
  }
}

/** Does what only throws what was made to be sent, where it throws a RunError. */
function asSent<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw error instanceof RunError ? openRefusal(error.message) : error;
  }
}

async function refused(
  { folder, tell }: DeployedClient,
  request: unknown,
  refusal: Refusal,
  records: KeptRecords | null,
): Promise<Refusal> {
  if (records === null) return refusal;
  records.enter(() => refusedLine(request, refusal.message));
  records.log(`refused ${kindOf(request)}: ${refusal.reason}`);
  try {
    await writeRecords(folder!, records);
  } catch (error) {
    tell(messageOf(error));
  }
  return refusal;
}

/** What a line calls a request, which comes from elsewhere. */
export function kindOf(request: unknown): string {
  const kind = (request as { kind?: unknown } | null)?.kind;
  return typeof kind === "string" ? kind.slice(0, 40) : "what is no message";
}

function answeringOf(client: DeployedClient, request: Message): Promise<Answering> {
  return client.state === null ? anew(client, request) : ofState(client, client.state, request);
}

/** Rows as points, or the groups of a simulation; under differential privacy rows, and the budget that they have. */
async function anew(
  { name, policy, load, budget, run }: DeployedClient,
  request: Message,
): Promise<Answering> {
  if (request.kind === "handshake") {
    const { groupSize } = asSent(() => checkWanted(policy, request));
    if (policy.mode === "groups" && groupSize > policy.groupSize) throw forgets(policy, groupSize);
  }
  const partition = await read(load);
  const ofAll = (labels: Int32Array) => labelsOfAllRows(labels, partition.leftOut ?? []);
  if (policy.privately !== null) {
    const { points, rows, notices } = privateClients(name, partition, policy, policy.privately);
    points.spendOf({ ...budget!, run });
    return { local: points, notices, rows: async () => ({ client: rows, ofAll }) };
  }
  const { points, rows, notices } = bothClients(name, partition, policy, true);
  return { local: points, notices, rows: async () => ({ client: rows, ofAll }) };
}

function forgets({ groupSize }: Policy, wanted: number): Refusal {
  const size = theSetting("groupSize");
  return openRefusal(
    `it holds to ${size} ${groupSize}, the run wants ${wanted}: a simulation's clients, which remember no run, have to be started with ${size} ${wanted}`,
  );
}

async function ofState(client: DeployedClient, state: StateFolder, request: Message): Promise<Answering> {
  const { name, run, policy } = client;
  const isHandshake = request.kind === "handshake";
  const stored = isHandshake ? await begun(client, state, request) : known(state, run);
  const { columns: featureNames, groupSize } = stored;
  const { sharesLabels } = policy;
  const identity = { name, featureNames, labelColumn: sharesLabels ? stored.labelColumn : null };
  const points = sharesLabels ? stored : { ...stored, labels: null };
  return {
    local: new LocalClient(identity, points, { ...policy, groupSize }),
    notices: [],
    rows: async () => {
      const partition = await read(client.load);
      const { rows, leftOut } = state.rowsOf(run, partition);
      const asPoints = { points: rows, weights: null, labels: null, spreads: null };
      return {
        client: new LocalClient({ ...identity, labelColumn: null }, asPoints, NO_POLICY),
        ofAll: (labels) => labelsOfAllRows(labelsOfAllRows(labels, leftOut), partition.leftOut ?? []),
      };
    },
  };
}

async function begun(
  { run, policy, load, allowProven }: DeployedClient,
  state: StateFolder,
  request: Message,
): Promise<RunPoints> {
  const { groupSize: wanted } = asSent(() => checkWanted(policy, request));
  const points = await state.beginRun(run, () => read(load), { runGroupSize: wanted, allowProven });
  if (points.groupSize >= wanted) return points;
  const size = theSetting("groupSize");
  throw openRefusal(`it began the run with ${size} ${points.groupSize}, the run wants ${wanted} now`);
}

function known(state: StateFolder, run: string): RunPoints {
  try {
    return state.pointsOf(run);
  } catch (error) {
    if (!(error instanceof UnknownRunError)) throw error;
    throw refusalOf(error, NOT_BEGUN);
  }
}

async function read(load: () => Promise<Partition>): Promise<Partition> {
  try {
    return await load();
  } catch (error) {
    throw refusalOf(error, UNREADABLE);
  }
}

function tellBegun(
  { run, policy, budget, folder, tell }: DeployedClient,
  { local, notices }: Answering,
  records: KeptRecords | null,
): void {
  const { nSamples, nFeatures } = local;
  const before = budget === null ? null : sentBefore(budget.folder);
  const warnings = [
    ...notices,
    ...noGuarantee(policy, local.local.protection),
    ...(budget?.mayBeMade ? [NOBODY] : []),
    ...(before === null ? [] : [before]),
  ];
  records?.log(`takes part in the run ${run}`);
  records?.logHeld(local, warnings);
  tell(
    `takes part in the run ${run} with ${nSamples} rows of ${nFeatures} features${folder === null ? "" : `; its records: ${folder.path}`}`,
  );
  for (const line of warnings) tell(`notice: ${line}`);
}

function noGuarantee(policy: Policy, { groupSize }: Protection): string[] {
  if (policy.privately !== null) return [];
  if (policy.mode === "threshold") {
    return [
      `${theSetting("privacy")} threshold is a filter, as published, and no guarantee: rows follow by arithmetic from what is sent`,
    ];
  }
  return groupSize > 1 ? [] : [`${theSetting("groupSize")} 1 is rows: no protection from the server`];
}

/** What only its owner has: a reply that is ready does not depend on it. */
async function keepRows(
  { folder, tell }: DeployedClient,
  { local, rows }: Answering,
  request: Message,
  records: KeptRecords,
): Promise<void> {
  const { keepsRows, keepsLabels } = folder!;
  if (!keepsRows && !keepsLabels) return;
  try {
    const { client, ofAll } = await rows();
    if (client !== local) client.answer(request);
    records.keepRows(client);
    if (client.lastLabels !== null) records.keepLabels(ofAll(client.lastLabels));
  } catch (error) {
    const line = `cannot keep its rows: ${refusalOf(error).reason}`;
    records.log(line);
    tell(line);
  }
}
