import assert from "node:assert/strict";
import { test } from "node:test";
import { RunError } from "#src/errors.js";
import {
  answerPrivateSums,
  privateSumsReply,
  privateSumsRequest,
  readPrivateQuestion,
  readPrivateSums,
} from "#src/workflow/clustering/private-sums.js";
import type { LocalData, PrivateQuestion, PrivateSums } from "#src/workflow/local-data.js";
import type { Message, NamedArray, Scalar } from "#src/workflow/message.js";

const floats = (...numbers: number[]) => Float64Array.from(numbers);

const QUESTION: PrivateQuestion = {
  terms: { epsilon: 1, delta: 1e-6, declaredRows: 400 },
  question: 1,
  shares: floats(0.5, 0.25, 0.25),
  shareCount: 0.25,
  shareSpread: 0.1,
  centres: { data: floats(-1, 0, 1, 0.5), nRows: 2, nColumns: 2 },
  radii: floats(0.5, 0.25),
};

const SUMS: PrivateSums = {
  counts: floats(12.5, -3),
  sums: floats(1, -2, 3, -4),
  spread: -0.5,
  countSigma: 9,
  sumSigmas: floats(2, 1),
  spreadSigma: 14,
};

function changed(
  message: Message,
  scalars: Record<string, Scalar | undefined>,
  arrays: Record<string, Float64Array | NamedArray | undefined> = {},
): Message {
  const given = Object.entries(arrays).map(([name, data]) => {
    if (!(data instanceof Float64Array)) return [name, data];
    return [name, { ...message.arrays[name], data }];
  });
  return {
    ...message,
    scalars: { ...message.scalars, ...scalars } as Message["scalars"],
    arrays: { ...message.arrays, ...Object.fromEntries(given) },
  };
}

function assertRefused(read: () => unknown, pattern: RegExp): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof RunError, String(error));
    assert.match(error.message, pattern);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
}

test("a question and its answer are read as they were written", () => {
  assert.deepEqual(readPrivateQuestion(privateSumsRequest(QUESTION), 2), QUESTION);
  assert.deepEqual(readPrivateSums(privateSumsReply(SUMS), 2, 2), SUMS);
});

test("a client refuses a question that makes no sense, whoever asks", () => {
  const request = privateSumsRequest(QUESTION);
  const refuses = (
    pattern: RegExp,
    scalars: Record<string, Scalar | undefined>,
    arrays?: Record<string, Float64Array | undefined>,
  ) => assertRefused(() => readPrivateQuestion(changed(request, scalars, arrays), 2), pattern);
  refuses(/"epsilon"/, { epsilon: 0 });
  refuses(/"epsilon"/, { epsilon: Number.NaN });
  refuses(/"delta"/, { delta: 1 / 400 });
  refuses(/"delta"/, { delta: 0 });
  refuses(/"declared_rows"/, { declared_rows: 0 });
  refuses(/"question": expected a count from 0 to 2, found 3/, { question: 3 });
  refuses(/"question"/, { question: -1 });
  refuses(/"question"/, { question: 0.5 });
  refuses(/"share_count" and "share_spread"/, { share_count: 0.9 });
  refuses(/"share_count"/, { share_count: 0 });
  refuses(/"share_spread"/, { share_spread: Number.NaN });
  refuses(/"share_spread"/, { share_spread: undefined });
  refuses(/"shares".*1 in all, found 1.25/, {}, { shares: floats(0.5, 0.5, 0.25) });
  refuses(/"shares"/, {}, { shares: floats(1.5, -0.75, 0.25) });
  refuses(/"shares"/, {}, { shares: floats(1, 0, 0) });
  refuses(/"shares"/, {}, { shares: floats(0.5, Number.NaN, 0.25) });
  refuses(/"radii".*above 0/, {}, { radii: floats(0.5, 0) });
  refuses(/"radii"/, {}, { radii: floats(0.5, -0.5) });
  refuses(/"radii"/, {}, { radii: floats(0.5, Number.NaN) });
  refuses(/"radii"/, {}, { radii: floats(0.5, Infinity) });
  refuses(/"radii"/, {}, { radii: floats(0.5, 1e3) });
  refuses(/"centres".*from -1 to 1, found 1.5/, {}, { centres: floats(-1, 0, 1, 1.5) });
  refuses(/"centres"/, {}, { centres: floats(-1, 0, 1, Number.NaN) });
  refuses(/"centres"/, {}, { centres: undefined });
  assertRefused(() => readPrivateQuestion(request, 3), /"centres"/);
  const none = { ...request.arrays.shares, shape: [0], data: floats() } as NamedArray;
  assertRefused(
    () => readPrivateQuestion(changed(request, { question: 0 }, { shares: none }), 2),
    /"shares"/,
  );
});

test("a server refuses an answer that makes no sense", () => {
  const reply = privateSumsReply(SUMS);
  const refuses = (
    pattern: RegExp,
    scalars: Record<string, Scalar | undefined>,
    arrays?: Record<string, Float64Array | undefined>,
  ) => assertRefused(() => readPrivateSums(changed(reply, scalars, arrays), 2, 2), pattern);
  refuses(/"counts"/, {}, { counts: floats(Number.NaN, 1) });
  refuses(/"counts"/, {}, { counts: floats(1, 1e300) });
  refuses(/"sums"/, {}, { sums: floats(1, 2, 3, -Infinity) });
  refuses(/"sum_sigmas".*private, found 0/, {}, { sum_sigmas: floats(1, 0) });
  refuses(/"sum_sigmas"/, {}, { sum_sigmas: floats(1, -1) });
  refuses(/"count_sigma"/, { count_sigma: 0 });
  refuses(/"count_sigma"/, { count_sigma: undefined });
  refuses(/"spread_sigma"/, { spread_sigma: -4 });
  refuses(/"spread"/, { spread: Number.NaN });
  assertRefused(() => readPrivateSums(reply, 2, 3), /"counts": expected float64 \(3\)/);
  assertRefused(() => readPrivateSums(reply, 1, 2), /"sums"/);
});

test("a client that protects its rows otherwise refuses to answer", () => {
  const local = { privately: null, nFeatures: 2 } as LocalData;
  assertRefused(() => answerPrivateSums(local, privateSumsRequest(QUESTION)), /privacy.* dp/);
});
