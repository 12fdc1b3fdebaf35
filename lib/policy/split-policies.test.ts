import { describe, expect, it } from "vitest";
import { lineAt, offsetOfByte, splitPolicies } from "./split-policies";

describe("splitPolicies", () => {
  it.each([
    ["nothing", "", []],
    ["blanks and comments", " \n// permit();\n", []],
    ["two policies", "permit(a);\n forbid(b);", ["permit(a);", "forbid(b);"]],
    ["a semicolon in a string", 'a "x;y";b;', ['a "x;y";', "b;"]],
    ["an escaped quote in a string", 'a "x\\";";b;', ['a "x\\";";', "b;"]],
    ["a comment with a semicolon and a quote", 'a // ";\n;b;', ['a // ";\n;', "b;"]],
    ["a comment mark in a string", 'a "//";b;', ['a "//";', "b;"]],
    ["a comment that ends with a carriage return", "// x;\ra;", ["a;"]],
    ["a rest without a semicolon", "a; b", ["a;", "b"]],
    ["a string without an end", 'a "b;', ['a "b;']],
  ])("cuts %s", (_, source, expected) => {
    expect(splitPolicies(source).map((piece) => piece.text)).toEqual(expected);
  });

  it("knows where each starts", () => {
    const source = "// é\n\na;\n  b;";
    expect(splitPolicies(source).map(({ start }) => lineAt(source, start))).toEqual([3, 4]);
  });
});

describe("offsetOfByte", () => {
  it.each([
    [0, 0],
    [1, 1],
    [3, 2],
    [6, 3],
    [10, 5],
    [99, 6],
  ])("byte %i is offset %i", (byte, offset) => {
    expect(offsetOfByte("aé€😀b", byte)).toBe(offset);
  });
});
