import assert from "node:assert/strict";

/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own text, without that of its children. */
  text: string;
  readonly children: XmlElement[];
}

const TOKEN = /<\?[^>]*\?>|<\/([\w:-]+)>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ENTITY = /&(?!(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i;
const CHARACTERS: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** Reads a document; fails where it is not well-formed. */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, text: "", children: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const [whole, closed, opened, attributes, empty, content] = TOKEN.exec(text) ?? [];
    assert.ok(whole !== undefined, `not well-formed at ${at}: ${text.slice(at, at + 60)}`);
    assert.doesNotMatch(whole, ENTITY);
    if (content !== undefined) open.at(-1)!.text += content.replaceAll(/&\w+;/g, (name) => CHARACTERS[name]);
    if (closed !== undefined) assert.equal(closed, open.pop()!.name);
    if (opened === undefined) continue;
    const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
    assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, whole);
    const element = { name: opened, attributes: Object.fromEntries(pairs), text: "", children: [] };
    open.at(-1)!.children.push(element);
    if (empty === "") open.push(element);
  }
  assert.equal(open.length, 1);
  assert.equal(root.children.length, 1);
  return root.children[0];
}

/** An element and all within it. */
export function allWithin(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(allWithin)];
}
