import { describe, expect, it } from "vitest";
import { BoundedMap } from "./bounded-map";

describe("BoundedMap", () => {
  it("forgets what was used least recently", () => {
    const map = new BoundedMap<number>(2);
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([1, undefined, 3]);
  });

  it("does not forget another entry when one is set again", () => {
    const map = new BoundedMap<number>(2);
    map.set("a", 1);
    map.set("b", 2);
    map.set("b", 3);
    expect([map.get("a"), map.get("b")]).toEqual([1, 3]);
  });

  it("gives up the oldest value", () => {
    const map = new BoundedMap<number>(2);
    expect(map.takeOldest()).toBeUndefined();
    map.set("a", 1);
    map.set("b", 2);
    expect([map.takeOldest(), map.takeOldest(), map.takeOldest()]).toEqual([1, 2, undefined]);
  });
});
