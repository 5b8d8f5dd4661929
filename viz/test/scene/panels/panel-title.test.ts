import assert from "node:assert/strict";
import { test } from "node:test";
import { THEMES } from "#src/scene/marks/theme.js";
import { titleMarks } from "#src/scene/panels/panel-title.js";
import { textWidth } from "#src/scene/text/text-width.js";

const NOTES = [
  "400 rows, 63 groups: 3 sent, 1 withheld",
  "400 rows: 3 sent, 1 withheld",
  "3 sent, 1 withheld",
];
const at = (title: string, width: number) =>
  titleMarks({ x: 0, y: 0, width, height: 200 }, title, NOTES, THEMES.light);

test("a note is as long as leaves the title whole", () => {
  assert.deepEqual(
    [700, 330, 260].map((width) => at("Hôpital Nord", width)[1].text),
    NOTES,
  );
  for (const width of [700, 330, 260]) {
    const [title, note] = at("Hôpital Nord", width);
    assert.ok(title.maxWidth! >= textWidth(title.text, title.size, title.weight));
    assert.ok(note.maxWidth! >= textWidth(note.text, note.size));
    assert.ok(title.x + title.maxWidth! <= note.x - note.maxWidth!);
  }
});

test("a title is cut only where the shortest note leaves no room for it", () => {
  const name = "The Royal Infirmary of Edinburgh and its Outpatient Clinics";
  const [title, note] = at(name, 300);
  assert.equal(note.text, NOTES[2]);
  assert.ok(title.maxWidth! < textWidth(name, title.size, title.weight));
  assert.ok(title.x + title.maxWidth! <= note.x - note.maxWidth!);
  assert.ok(title.maxWidth! > 140);
});
