import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { test } from "node:test";
import { messageHeader, messageOf } from "#src/federation/carriers/flower/envelope.js";
import { type Frame, readFrames, writeFrame } from "#src/federation/carriers/flower/frames.js";
import { floats, ints, type Message } from "#src/workflow/message.js";
import { FLOWER_MODULES } from "../../../support/flower-modules.js";
import { runPython } from "../../../support/python.js";

const MESSAGE: Message = {
  kind: "clustering/update",
  exchange: 12,
  arrays: {
    means: floats(Float64Array.of(0.1, -0, 5e-324, 1e308, Number.NaN, -Infinity), 2, 3),
    counts: ints(Int32Array.of(-(2 ** 31), 2 ** 31 - 1), 2),
    none: floats(new Float64Array(0), 0, 4),
    one: floats(Float64Array.of(7)),
  },
  scalars: {
    whole: 3,
    tenth: 0.1,
    // Wholes beyond what a record of Flower holds as such.
    large: 2 ** 80,
    larger: -(2 ** 63),
    largest: 1.5e300,
    safe: Number.MAX_SAFE_INTEGER,
    yes: true,
    text: "é\u0000\n",
    empty: [],
    names: ["a", ""],
  },
};

async function bytesOf(header: Frame["header"], arrays: Message["arrays"] = {}): Promise<Buffer> {
  const pipe = new PassThrough({ highWaterMark: 2 ** 20 });
  await writeFrame(pipe, header, arrays);
  return pipe.read() as Buffer;
}

async function framesOf(bytes: Buffer): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(Readable.from([bytes], { objectMode: false }))) frames.push(frame);
  return frames;
}

/** What the app's Python writes on a pipe, given the bytes of another. */
async function written(script: string, input: Buffer = Buffer.alloc(0)): Promise<Frame[]> {
  const program = `${FLOWER_MODULES}
read, pipe = io.BytesIO(bytes.fromhex(sys.argv[1])), io.BytesIO()
${script}
print(pipe.getvalue().hex())`;
  return framesOf(Buffer.from(runPython(program, [input.toString("hex")]).trim(), "hex"));
}

test("a message passes through Python and Flower's records and is the same, bit for bit", async () => {
  const frames = await written(
    `header, arrays = frames.read_frame(read)
assert frames.read_frame(read) is None
header, arrays = records.from_records(records.to_records(header, arrays))
frames.write_frame(pipe, header, arrays)`,
    await bytesOf(messageHeader(MESSAGE, { run: "r", dataSource: "d" }), MESSAGE.arrays),
  );
  assert.equal(frames.length, 1);
  assert.deepEqual(messageOf(frames[0]), MESSAGE);
  assert.deepEqual(frames[0].header.message, {
    kind: "clustering/update",
    exchange: 12,
    run: "r",
    data_source: "d",
  });
});

test("Python says of a frame that is cut short that it is, wherever that is", async () => {
  const whole = await bytesOf({ op: "nodes" }, { a: MESSAGE.arrays.means });
  await written(
    `for length in range(1, len(read.getvalue())):
    try: frames.read_frame(io.BytesIO(read.getvalue()[:length]))
    except EOFError: continue
    raise AssertionError(length)`,
    whole,
  );
});

/** Nodes that answer as they are told: by the look at which they do, and with what. */
const GRID = `
def good(name): return Message(content=records.to_records({"message": {"kind": name}, "scalars": {}}, {}))
class Grid:
    def __init__(self, replies, takes=lambda sent: [str(i) for i in range(len(sent))]):
        self.replies, self.takes, self.looks, self.sent = replies, takes, 0, []
    def push_messages(self, sent):
        self.sent = sent
        return self.takes(sent)
    def pull_messages(self, ids):
        self.looks += 1
        found = []
        for i in ids:
            look, reply = self.replies[int(i)]
            if look <= self.looks:
                reply.metadata.reply_to_message_id = i
                found.append(reply)
        return found
def exchange(grid, **header):
    to = [str(2**64 - 1 - i) for i in range(len(grid.replies))]
    server_app.exchange(grid, pipe, {"to": to, "deadline": 60, "message": {"kind": "k"}, "scalars": {}, **header}, {})
server_app.POLL = 0.01
NEVER = (10**9, None)
`;

const FIRST = "18446744073709551615";
const said = (frames: readonly Frame[]) =>
  frames.map(
    ({ header }) => header.error ?? (header.end === true ? "end" : (header.message as { kind: string }).kind),
  );

test("replies are passed on as they come, each with the node that it is of", async () => {
  const frames = await written(`${GRID}
grid = Grid([(2, good("late")), (1, good("early"))])
exchange(grid)
assert [m.metadata.dst_node_id for m in grid.sent] == [2**64 - 1, 2**64 - 2]
assert all(m.ttl == 60 for m in grid.sent)`);
  assert.deepEqual(said(frames), ["early", "late", "end"]);
  assert.deepEqual(
    frames.map(({ header }) => header.node),
    ["18446744073709551614", FIRST, undefined],
  );
});

test("whatever a node replies, the server is told in one line, and the others are unharmed", async () => {
  const frames = await written(`${GRID}
config, arrays = flwr.app.ConfigRecord, flwr.app.ArrayRecord
def bad(**scalars):
    return Message(content={"message": config({"kind": "k"}), "scalars": config(scalars), "arrays": {}})
replies = [
    Message(error=Error(5, "Node Unavailable")),
    bad(inertia=math.nan),
    bad(inertia=math.inf),
    bad(name=b"bytes"),
    Message(content={}),
    Message(content={"message": config({"kind": "k", "empty_lists": 3}), "scalars": config({}), "arrays": {}}),
    Message(content={"message": config({"kind": "k"}), "scalars": config({}), "arrays": arrays({"a": Broken()})}),
    Message(content={"message": config({"kind": "k"}), "scalars": config({}), "arrays": arrays({"a": Array(np.array(["x"], object))})}),
    good("good"),
]
exchange(Grid([(1, reply) for reply in replies]))`);
  const none = "its reply is not of the records that a message has";
  const expected = ["Node Unavailable (Flower's error 5)", none, none, none, none, none, none];
  assert.deepEqual(said(frames).slice(0, 7), expected);
  assert.deepEqual(said(frames).slice(-2), ["good", "end"]);
});

test("a reply larger than a frame may be is that node's error, and the others are unharmed", async () => {
  const frames = await written(`${GRID}
server_app.LONGEST = 1000
long = Message(content=records.to_records({"message": {"refusal": "x" * 2000}, "scalars": {}}, {}))
wide = Message(content=records.to_records({"message": {"kind": "wide"}, "scalars": {}}, {"a": np.ones(200)}))
huge = Message(content=records.to_records({"message": {"kind": "huge"}, "scalars": {}}, {"a": np.ones(2000)}))
server_app.LARGEST = 8000
exchange(Grid([(1, long), (1, huge), (1, wide), (1, good("good"))]))`);
  assert.match(String(said(frames)[0]), /^its reply has more than \d+ bytes of text and numbers$/);
  assert.match(String(said(frames)[1]), /^its reply has more than \d+ bytes of arrays$/);
  assert.deepEqual(said(frames).slice(2), ["wide", "good", "end"]);
});

test("what a request makes of the owner's terminal is one line of ASCII, and none of it travels", async () => {
  await written(`
import contextlib
sys.path.insert(0, "flower/examples")
import numpy_client_app
from flwr.app import Message
class Hostile:
    def numpy(self): raise TypeError("\\x1b[2J\\u202e\\nfedkmeans: forged")
config = flwr.app.ConfigRecord
request = Message(content={"message": config({"kind": "k"}), "scalars": config({}), "arrays": {"a": Hostile()}})
context = types.SimpleNamespace(node_config={})
for answer in client_app.answer, numpy_client_app.query:
    with contextlib.redirect_stderr(io.StringIO()) as terminal:
        reply = answer(request, context).content
    assert reply["message"] == {"refusal": "it cannot answer; it tells its owner why"}, reply
    said = terminal.getvalue()
    assert said.isascii() and "\\x1b" not in said, said
    assert said.splitlines()[-1] == r"TypeError: '\\x1b[2J\\u202e\\nfedkmeans: forged'", said
client_app.ask = lambda *_: ({"message": {"kind": "k"}, "scalars": {"inertia": None}}, {})
with contextlib.redirect_stderr(io.StringIO()):
    assert "refusal" in client_app.answer(request, context).content["message"]
`);
});

test("an array of another element type arrives under its name, for the server to refuse", async () => {
  const [{ arrays }] = await written(`${GRID}
values = {"a": Array(np.ones(2, "float32")), "b": Array(np.ones((1, 2), ">f8")), "c": Array(np.asfortranarray([[1, 2], [3, 4]], dtype="int32"))}
reply = Message(content={"message": {"kind": "k"}, "scalars": {}, "arrays": values})
exchange(Grid([(1, reply)]))`);
  assert.deepEqual(arrays, {
    a: "float32",
    b: floats(Float64Array.of(1, 1), 1, 2),
    c: ints(Int32Array.of(1, 2, 3, 4), 2, 2),
  });
});

test("who does not answer is said to have not, and so is who could not be asked", async () => {
  const late = await written(`${GRID}
exchange(Grid([NEVER, (1, good("good"))]), deadline=0.05)`);
  assert.deepEqual(said(late), ["good", "no answer within 0 s", "end"]);
  const untaken = await written(`${GRID}
exchange(Grid([NEVER, (1, good("good"))], lambda sent: [None, "1"]))`);
  assert.deepEqual(said(untaken), ["the SuperLink did not take the message", "good", "end"]);
  const none = await written(`${GRID}
exchange(Grid([NEVER, NEVER], lambda sent: []))`);
  assert.deepEqual(said(none), [
    "the SuperLink did not take the message",
    "the SuperLink did not take the message",
    "end",
  ]);
});

test("once enough have answered the others have little time left; who refuses has not answered", async () => {
  const refuses = 'Message(content=records.to_records({"message": {"refusal": "no"}, "scalars": {}}, {}))';
  const frames = await written(`${GRID}
exchange(Grid([(1, good("a")), NEVER, (1, ${refuses}), (9, good("b"))]), nodes=2, grace=0.02)`);
  assert.deepEqual(
    frames.map(({ header }) => header.error ?? (header.message as { kind?: string } | undefined)?.kind),
    ["a", undefined, "b", "no answer within 0 s", undefined],
  );
});

test("numbers of a run config that JSON does not have go as text", async () => {
  const [{ header }] = await written(
    `frames.write_frame(pipe, {"config": server_app.plain({"a": math.nan, "b": math.inf, "c": 1e-4, "d": "", "e": True, "f": 3})})`,
  );
  assert.deepEqual(header.config, { a: "nan", b: "inf", c: 0.0001, d: "", e: true, f: 3 });
});
