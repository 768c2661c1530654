import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeView, encodeView, filterParameters, MAX_CORNERS, NO_FILTERS, START, type View } from "../src/pure/view.ts";

const full: View = {
  camera: { x: 0.25, y: -0.5, span: 0.125 },
  colour: "year",
  filters: { source: ["arxiv", "a&b=c"], field: ["cs.LG"], country: ["DE"], from: "2019-01-01", to: "2020-12-31", text: '"deep nets" -cats' },
  query: "graph neural networks & co #1",
  mode: "meaning",
  document: 42,
  selection: [[0, 0], [0.5, 0], [0.5, -0.25]],
};

test("an address brings back the whole view", () => {
  assert.deepEqual(decodeView(`#${encodeView(full)}`), { ...full, filters: { ...full.filters, source: ["a&b=c", "arxiv"] } });
});

test("the start view has an empty address", () => {
  assert.equal(encodeView(START), "");
  assert.deepEqual(decodeView(""), START);
});

test("what cannot be read is left out and the rest stays", () => {
  const bad = "at=1,2&colour=plaid&mode=x&document=-3&from=2019-02-31&to=yesterday&lasso=0,0 1,1&q=still";
  assert.deepEqual(decodeView(bad), { ...START, query: "still" });
  for (const at of ["NaN,0,1", "0,0,0", "0,0,-1", "1,1,Infinity", "1,2,3,4", ",,", "1e9,0,1"]) {
    assert.equal(decodeView(`at=${at}`).camera, null, at);
  }
  for (const id of ["1.5", "0x", "9007199254740993", ""]) assert.equal(decodeView(`document=${id}`).document, null, id);
});

test("a polygon has at least three corners and at most a thousand", () => {
  const corners = (n: number): string => Array.from({ length: n }, (_, i) => `${i / 1000},0`).join(" ");
  assert.equal(decodeView(`lasso=${corners(2)}`).selection, null);
  assert.equal(decodeView(`lasso=${corners(MAX_CORNERS)}`).selection?.length, MAX_CORNERS);
  assert.equal(decodeView(`lasso=${corners(MAX_CORNERS + 1)}`).selection, null);
});

test("the same filters ask the same question, whatever their order", () => {
  const one = filterParameters({ ...NO_FILTERS, source: ["b", "a"] });
  const two = filterParameters({ ...NO_FILTERS, source: ["a", "b"] });
  assert.equal(one.toString(), two.toString());
});
