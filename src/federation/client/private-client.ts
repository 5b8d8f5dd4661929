import { createHash } from "node:crypto";
import type { Partition } from "../../data/partitions/partition.js";
import { RunError, theSetting } from "../../errors.js";
import { type Matrix, selectColumns } from "../../numerics/matrix.js";
import { plural } from "../../printable.js";
import type { Bounds } from "../../privacy/bounds.js";
import { muOf } from "../../privacy/gaussian-account.js";
import { clipToBox, noisySums } from "../../privacy/noisy-sums.js";
import type { Policy, PrivatePolicy } from "../../privacy/policy.js";
import { answer } from "../../workflow/answers.js";
import { canonicalBytes } from "../../workflow/canonical-bytes.js";
import { featuresAsked, placesOf } from "../../workflow/features.js";
import { areWithin } from "../../workflow/handshake.js";
import type { LocalData, PrivateQuestion, PrivateRows, PrivateSums } from "../../workflow/local-data.js";
import { checkMessage, type Message } from "../../workflow/message.js";
import { describeTerms } from "../../workflow/protection.js";
import type { BudgetOfRun } from "../federation.js";
import type { AnsweringClient, SpentOfLimit } from "./answering-client.js";
import { type Budget, BudgetError, type BudgetRows, type Drawn } from "./budget/budget.js";
import { makeBudget, openBudget } from "./budget/budget-folder.js";
import { systemWords } from "./random-words.js";
import { refusalOf, UNABLE } from "./refusal.js";

/** Whose budget a client spends, and for which run. */
export interface OwnBudget {
  readonly budget: Budget;
  /** What tells the run from all others. */
  readonly run: string;
}

/** Room for the rounding of shares that add up to 1, which the account of noise covers. */
const ROUNDING = 1e-12;

/** Rows with the columns that the bounds are of, in their order. */
export function withinBounds(partition: Partition, { features }: Bounds): Partition {
  const { rows, featureNames } = partition;
  if (featureNames === null && rows.nColumns !== features.length) {
    throw new RunError(
      `its rows have ${plural(rows.nColumns, "feature")} without names, ${theSetting("bounds")} are of ${features.length}`,
    );
  }
  if (featureNames === null) {
    // What tables call columns without names is a name like any other in a file of bounds, but for its place.
    const moved = features.findIndex((name, f) => /^x\d+$/.test(name) && name !== `x${f}`);
    if (moved >= 0) {
      throw new RunError(
        `its columns have no names and go by their order: x${moved} expected at ${moved + 1} in ${theSetting("bounds")}, found ${features[moved]}`,
      );
    }
    return { ...partition, featureNames: features };
  }
  const places = features.map((feature) => featureNames.indexOf(feature));
  const stranger = features.find((_, i) => places[i] < 0);
  if (stranger !== undefined) {
    throw new RunError(
      `its rows have no feature ${JSON.stringify(stranger)}, of which ${theSetting("bounds")} are`,
    );
  }
  return { ...partition, rows: selectColumns(rows, places, false), featureNames: features };
}

/**
 * A client under differential privacy: it answers questions about its rows with noise that no seed gives again, as far as
 * their budget goes, and nothing else. What the phases of a run see of it has no rows.
 */
export class PrivateClient implements AnsweringClient {
  readonly name: string;
  /** Rows of which some number is outside the bounds. Its owner's alone to know. */
  readonly nClipped: number;
  readonly nSamples: number;
  readonly weights = null;
  readonly lastPoints = null;
  readonly #policy: Policy & { readonly privately: PrivatePolicy };
  readonly #partition: Partition;
  /** (n, d) in the box, of the bounds' features. */
  readonly #rows: Matrix;
  #own: OwnBudget;
  #spent: SpentOfLimit | null = null;

  /**
   * @param partition all rows of the client, with all columns by which a budget knows them
   * @throws RunError where it has not the features that the bounds are of
   */
  constructor(name: string, partition: Partition, policy: Policy, own: OwnBudget) {
    if (policy.privately === null) throw new Error("a policy of differential privacy expected");
    this.name = name;
    this.#policy = { ...policy, privately: policy.privately };
    this.#partition = partition;
    const { bounds } = policy.privately;
    const { rows, clipped } = clipToBox(withinBounds(partition, bounds).rows, bounds.low, bounds.high);
    this.#rows = rows;
    this.nClipped = clipped;
    this.nSamples = rows.nRows;
    this.#own = own;
  }

  /**
   * From now on, spends the budget of a folder.
   *
   * @throws UsageError where the folder's budget has other limits, or its files are something else's; RunError where there
   *   is none that is not to be made
   */
  spendOf({ folder, run, mayBeMade }: BudgetOfRun): void {
    if (mayBeMade) makeBudget(folder, this.#policy.privately);
    this.#own = { budget: openBudget(folder), run };
  }

  get nFeatures(): number {
    return this.#rows.nColumns;
  }

  get spent(): SpentOfLimit | null {
    return this.#spent;
  }

  /** Of all features: there is nothing else to see. */
  get local(): LocalData {
    return this.#seen(null);
  }

  /** It keeps its rows as they are. */
  has(): boolean {
    return true;
  }

  answer(request: Message): Message {
    this.#spent = null;
    const message = checkMessage(request);
    const asked = featuresAsked(message);
    const { bounds } = this.#policy.privately;
    const places = asked === null ? null : placesOf(asked, bounds.features);
    // What a client says of itself does not depend on what a request is about.
    return answer(this.#seen(message.kind === "handshake" ? null : places), message);
  }

  /** @param places of the features that a request is about; null: all */
  #seen(places: readonly number[] | null): LocalData {
    const { bounds } = this.#policy.privately;
    const none = (): never => {
      throw new Error("no rows can be seen under differential privacy");
    };
    // Copies, too, where the order stays: a thread hands a reply's arrays over, and clients of one thread share their bounds.
    const inOrder = (values: Float64Array) =>
      places === null ? values.slice() : Float64Array.from(places, (place) => values[place]);
    const privately: PrivateRows = {
      low: inOrder(bounds.low),
      high: inOrder(bounds.high),
      answer: (request, question, write) => this.#answer(places, request, question, write),
    };
    return {
      name: this.name,
      featureNames: places?.map((place) => bounds.features[place]) ?? bounds.features,
      labelColumn: null,
      nSamples: 0,
      nPoints: 0,
      nFeatures: places?.length ?? bounds.features.length,
      labels: null,
      weights: null,
      spreads: null,
      protection: this.#policy,
      privately,
      raw: none,
      transformed: none,
      assignment: none,
    };
  }

  #answer(
    places: readonly number[] | null,
    request: Message,
    question: PrivateQuestion,
    write: (sums: PrivateSums) => Message,
  ): Message {
    const { terms, shares, shareCount, shareSpread, centres, radii } = question;
    const own = this.#policy.privately;
    if (!areWithin(terms, own)) {
      throw new RunError(`it holds to ${describeTerms(own)}, the run wants ${describeTerms(terms)}`);
    }
    // Of its own terms: at a smaller delta the run's mu is less for the same epsilon.
    const mu = muOf(terms.epsilon, terms.delta);
    const spent = shares.reduce((sum, share) => sum + share, 0);
    if (!(spent <= 1 + ROUNDING)) {
      throw new RunError(`the shares of a run's questions must add up to 1 at most, found ${spent}`);
    }
    const mu2 = mu ** 2 * shares[question.question];
    const { budget, run } = this.#own;
    const spending = {
      run,
      question: question.question,
      questions: shares.length,
      request: hashOf(this.name, request),
      mu2,
      runMu2: mu ** 2 * spent,
    };
    let ofQuestion: unknown;
    const draw = (): Drawn => {
      try {
        const rows = places === null ? this.#rows : selectColumns(this.#rows, places, false);
        const sums = noisySums(rows, { centres, radii, mu2, shareCount, shareSpread }, systemWords());
        return { reply: write(sums), mu2: sums.mu2 };
      } catch (error) {
        ofQuestion = error;
        throw error;
      }
    };
    try {
      const reply = budget.answer(() => this.#budgetRows(), spending, draw);
      this.#spent = { ...budget.last!, delta: own.delta };
      return reply;
    } catch (error) {
      // What is wrong with a question is public; what has been spent, and where that is written, is the owner's to know.
      if (error === ofQuestion) throw error;
      throw refusalOf(error, error instanceof BudgetError ? error.told : UNABLE);
    }
  }

  #budgetRows(): BudgetRows {
    return { columns: this.#partition.featureNames, rows: this.#partition.rows };
  }
}

/**
 * Of what a request asks, in whatever exchange it is sent, and of whom: a folder that two clients were given by mistake
 * has no answer of one for the other.
 */
function hashOf(name: string, request: Message): string {
  const hash = createHash("sha256").update(`${JSON.stringify(name)}\n`);
  for (const part of canonicalBytes(request)) hash.update(part);
  return hash.digest("hex");
}
