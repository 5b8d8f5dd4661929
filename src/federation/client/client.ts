import { RunError } from "../../errors.js";
import type { Assignment } from "../../numerics/assignment.js";
import type { Matrix } from "../../numerics/matrix.js";
import { openAssignment } from "../../numerics/open-assignment.js";
import type { Transform } from "../../numerics/transform.js";
import type { Policy } from "../../privacy/policy.js";
import { answer } from "../../workflow/answers.js";
import { type Columns, featuresAsked, placesOf } from "../../workflow/features.js";
import { checkProtocol } from "../../workflow/handshake.js";
import type { LocalData, PointLabels } from "../../workflow/local-data.js";
import { checkMessage, LARGEST_VALUE, type Message } from "../../workflow/message.js";
import { type Protection, readProtection } from "../../workflow/protection.js";
import { transformOf } from "../../workflow/transform/arrays.js";
import { LocalPoints } from "./local-points.js";
import { type ClientPoints, inOrder, merged, rowsBehind, withColumns } from "./points.js";

/** One party of the federation: answers requests about points, which stand for rows that it never hands out. */
export interface Client {
  readonly name: string;
  /** What whoever holds the rows should know of them, one line each; nothing of it leaves a client. */
  readonly notices?: readonly string[];
  answer(request: Message): Message | Promise<Message>;
}

/** What a client is called, and what its columns are. */
export interface Identity {
  /** Unique in the federation. */
  readonly name: string;
  /** null where they have none. */
  readonly featureNames: readonly string[] | null;
  /** Of the labels; null if there are none, or they came without a name. */
  readonly labelColumn: string | null;
}

/** A client over points in memory; it answers at once. */
export class LocalClient implements Client {
  readonly name: string;
  readonly spent = null;
  readonly #identity: Identity;
  readonly #policy: Policy;
  readonly #points: ClientPoints;
  readonly #mayOverwrite: boolean;
  /** Points of this run, with all features in the client's own order. */
  #own: PointsOfClient;
  /** The same with the features that the last request was about. */
  #local: PointsOfClient;
  /** Whether the features of the client's own points have been put into another order where they lie. */
  #isReordered = false;

  /**
   * @param points what stands for the client's rows under its policy
   * @param policy what the client's owner lets it give
   * @param mayOverwrite whether the points are the client's own, to be standardized where they lie: then they are in
   *   memory once, and of one normalization from then on
   */
  constructor(identity: Identity, points: ClientPoints, policy: Policy, mayOverwrite = false) {
    this.name = identity.name;
    this.#identity = identity;
    this.#policy = policy;
    this.#points = policy.groupSize === 1 ? points : inOrder(points);
    this.#mayOverwrite = mayOverwrite;
    this.#own = new PointsOfClient(identity, this.#points, policy, mayOverwrite);
    this.#local = this.#own;
  }

  /** All of its features, in its own order. */
  get columns(): Columns {
    const { nFeatures } = this.#own;
    return { name: this.name, nFeatures, featureNames: this.#identity.featureNames };
  }

  /** What phases see of the client, with the features that the last request was about. */
  get local(): LocalData {
    return this.#local;
  }

  /** Whether the client still has the points that a request is about. */
  has(request: Message): boolean {
    const message = checkMessage(request);
    const isHandshake = message.kind === "handshake";
    if (!isHandshake && this.#isAbout(featuresAsked(message))) return this.#local.has(message);
    return !this.#mayOverwrite || (!this.#isReordered && this.#own.hasRaw());
  }

  /** Only while it `has` the points. */
  answer(request: Message): Message {
    const message = checkMessage(request);
    const asked = featuresAsked(message);
    if (message.kind === "handshake") return this.#shakeHands(message, asked);
    this.#see(asked);
    try {
      return finite(answer(this.#local, message));
    } catch (error) {
      if (error instanceof RunError || !this.#local.isBeyond()) throw error;
      // Without the number, which is of a row.
      throw new RunError(
        `some of its rows hold numbers beyond ${LARGEST_VALUE}, which cannot be computed with`,
      );
    }
  }

  /** What a client says of itself does not depend on what a request is about; it refuses features that it does not have. */
  #shakeHands(request: Message, asked: readonly string[] | null): Message {
    checkProtocol(request);
    this.#holdTo(readProtection(request));
    const reply = answer(this.#own, request);
    if (asked !== null) placesOf(asked, this.#identity.featureNames);
    return reply;
  }

  #isAbout(asked: readonly string[] | null): boolean {
    return isSame(asked ?? this.#identity.featureNames, this.#local.featureNames);
  }

  /**
   * Looks at the points with these features from now on.
   *
   * @param asked null: all, in the client's own order
   * @throws RunError naming a feature that the client does not have
   */
  #see(asked: readonly string[] | null): void {
    if (this.#isAbout(asked)) return;
    const { featureNames: own } = this.#identity;
    if (asked === null || isSame(asked, own)) {
      this.#local = this.#own;
      return;
    }
    const places = placesOf(asked, own);
    const chosen = withColumns(this.#own.all, places, this.#mayOverwrite);
    // An order that follows from other columns, too, would tell of these.
    const points = chosen.weights === null ? chosen : inOrder(chosen);
    this.#isReordered ||= this.#mayOverwrite;
    this.#local = new PointsOfClient(
      { ...this.#identity, featureNames: asked },
      points,
      this.#own.protection,
      this.#mayOverwrite,
    );
  }

  /** Points of a run are those of its handshake: of larger groups than its own where the server wants that. */
  #holdTo(wanted: Protection): void {
    // A run of another mode is refused by the answer.
    if (this.#policy.groupSize === 1 || wanted.mode !== "groups") return;
    const groupSize = Math.max(this.#policy.groupSize, wanted.groupSize);
    if (groupSize === this.#own.protection.groupSize) return;
    const policy = { ...this.#policy, groupSize };
    const points =
      groupSize === this.#policy.groupSize ? this.#points : inOrder(merged(this.#points, policy));
    this.#own = new PointsOfClient(this.#identity, points, policy, this.#mayOverwrite);
    this.#local = this.#own;
  }

  /**
   * (n, d) in the features' units.
   *
   * @param asked features, in this order; null: all, in the client's own order
   * @throws RunError naming a feature that the client does not have
   */
  raw(asked: readonly string[] | null = null): Matrix {
    this.#see(asked);
    return this.#local.raw();
  }

  /** (n,) number of rows behind each point; null: one each. */
  get weights(): Float64Array | null {
    return this.#local.weights;
  }

  get nSamples(): number {
    return this.#local.nSamples;
  }

  get nFeatures(): number {
    return this.#local.nFeatures;
  }

  /** (n, p) as a transform makes the points. */
  transformed(transform: Transform): Matrix {
    return this.#local.transformed(transform);
  }

  /** (n, p) the points as they were last transformed; null before the first time. */
  get lastPoints(): Matrix | null {
    return this.#local.last;
  }

  /** (n,) which of the means that were asked about last is nearest to each point; null before any were. */
  get lastLabels(): Int32Array | null {
    return this.#local.lastLabels;
  }
}

/** What phases see: points, and nothing that leads back to rows. */
class PointsOfClient implements LocalData {
  readonly name: string;
  readonly featureNames: readonly string[] | null;
  readonly labelColumn: string | null;
  readonly nSamples: number;
  readonly nPoints: number;
  readonly nFeatures: number;
  readonly labels: PointLabels | null;
  readonly weights: Float64Array | null;
  readonly spreads: Float64Array | null;
  readonly all: ClientPoints;
  readonly #points: LocalPoints;
  #assignment: { of: Matrix; k: number; assignment: Assignment } | null = null;

  constructor(
    { name, featureNames, labelColumn }: Identity,
    points: ClientPoints,
    readonly protection: Protection,
    mayOverwrite: boolean,
  ) {
    this.name = name;
    this.featureNames = featureNames;
    this.labelColumn = labelColumn;
    this.nSamples = rowsBehind(points);
    this.nPoints = points.points.nRows;
    this.nFeatures = points.points.nColumns;
    this.labels = points.labels;
    this.weights = points.weights;
    this.spreads = points.spreads;
    this.all = points;
    this.#points = new LocalPoints(points.points, mayOverwrite);
  }

  has(request: Message): boolean {
    return this.#points.has(transformOf(request, this.nFeatures).normalization);
  }

  hasRaw(): boolean {
    return this.#points.has(null);
  }

  raw(): Matrix {
    return this.#points.raw();
  }

  transformed(transform: Transform): Matrix {
    return this.#points.transformed(transform);
  }

  assignment(k: number): Assignment {
    const points = this.#points.last ?? this.#points.raw();
    if (this.#assignment === null || this.#assignment.of !== points || this.#assignment.k !== k) {
      this.#assignment?.assignment.close();
      const assignment = openAssignment(points.data, points.nColumns, k, this.weights);
      this.#assignment = { of: points, k, assignment };
    }
    return this.#assignment.assignment;
  }

  get last(): Matrix | null {
    return this.#points.last;
  }

  get lastLabels(): Int32Array | null {
    return this.#assignment?.assignment.labels ?? null;
  }

  /** Looked at only once something has failed: to look at all of them takes as long as to add them up. */
  isBeyond(): boolean {
    return this.last?.data.some((value) => !(Math.abs(value) <= LARGEST_VALUE)) ?? false;
  }
}

/**
 * The reply, before anything says that it was sent: what a server asks by may be such that squares overflow.
 *
 * @throws RunError naming a scalar that is not finite
 */
function finite(reply: Message): Message {
  for (const [name, scalar] of Object.entries(reply.scalars)) {
    if (typeof scalar === "number" && !Number.isFinite(scalar)) {
      throw new RunError(`its ${name} is no finite number, by its rows or by what it was asked`);
    }
  }
  return reply;
}

function isSame(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
