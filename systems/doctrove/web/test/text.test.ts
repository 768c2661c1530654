import assert from "node:assert/strict";
import { test } from "node:test";
import { easeInOut, easeOut, flight } from "../src/pure/fly.ts";
import { authors, date, marked, plural, reflow, safeLink } from "../src/pure/text.ts";

test("only addresses of the web become links", () => {
  assert.equal(safeLink("https://arxiv.org/abs/1"), "https://arxiv.org/abs/1");
  for (const bad of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil", "arxiv.org", 3, null, ""]) {
    assert.equal(safeLink(bad), null, String(bad));
  }
});

test("hits are marked, and markup in a text stays text", () => {
  const pieces = marked("a \uE000<b>\uE001 c");
  assert.deepEqual(pieces, [{ text: "a ", hit: false }, { text: "<b>", hit: true }, { text: " c", hit: false }]);
  assert.deepEqual(marked("\uE000x\uE001"), [{ text: "x", hit: true }]);
});

test("dates, counts and authors read well", () => {
  assert.equal(date("2019-04-05"), "5 Apr 2019");
  assert.equal(date(null), "");
  assert.equal(plural(1, "document"), "1 document");
  assert.equal(plural(1200, "document"), "1,200 documents");
  assert.equal(authors(["A", "B"]), "A, B");
  assert.equal(authors(["A", "B", "C", "D", "E"]), "A, B, C and 2 more");
});

test("lines broken for a terminal become paragraphs, lists stay lists", () => {
  assert.equal(reflow("One sentence\nover two lines.\n\nAnother.\n"), "One sentence over two lines.\n\nAnother.");
  assert.equal(reflow("Takes:\n- a\n- b\n    code"), "Takes:\n- a\n- b\n    code");
});

test("a flight begins where the camera is, ends at its goal, and rises when it is far", () => {
  const from = { x: -0.8, y: 0, span: 0.1 };
  const to = { x: 0.8, y: 0.1, span: 0.2 };
  const path = flight(from, to);
  const start = path.at(0);
  assert.ok(Math.abs(start.x - from.x) < 1e-9 && Math.abs(start.span - from.span) < 1e-9);
  assert.deepEqual(path.at(1), to);
  const late = path.at(1 - 1e-7);
  assert.ok(Math.abs(late.x - to.x) < 1e-5 && Math.abs(late.span - to.span) < 1e-5);
  assert.ok(path.at(0.5).span > 0.5);
});

test("a flight to the same place only zooms", () => {
  const half = flight({ x: 0.3, y: 0.3, span: 1 }, { x: 0.3, y: 0.3, span: 0.25 }).at(0.5);
  assert.deepEqual([half.x, half.y], [0.3, 0.3]);
  assert.ok(Math.abs(half.span - 0.5) < 1e-9);
});

test("easings begin at 0 and end at 1", () => {
  for (const ease of [easeInOut, easeOut]) assert.deepEqual([ease(0), ease(1)], [0, 1]);
});
