import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "@/lib/errors";
import { openHome } from "./home";
import { processIdentity } from "./process-identity";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The one line that a person would read. */
function refusal(place: string): string {
  try {
    openHome(place).release();
  } catch (error) {
    if (isAppError(error) && error.code === "invalid") return error.message;
    throw error;
  }
  return "opened";
}

describe("the home of an installation", () => {
  it("keeps its keys between starts, readable by its owner only", () => {
    const place = join(folder, "home");
    const first = openHome(place);
    first.release();
    const second = openHome(place);
    expect(second.settings).toEqual(first.settings);
    expect(statSync(join(place, "settings.json")).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    second.release();
  });

  it("is refused to a second process while the first runs, naming its pid and the way out", () => {
    const home = openHome(folder);
    expect(refusal(folder)).toMatch(new RegExp(`in use by process ${process.pid}: stop it .*COUNTERSIGN_HOME`));
    home.release();
    expect(refusal(folder)).toBe("opened");
  });

  it.each([
    ["a process that has gone", { pid: 2 ** 22 + 1, identity: "1" }],
    ["a pid that another process has now", { pid: process.pid, identity: "not when we started" }],
    ["something unreadable", "…"],
  ])("takes over a lock left by %s", (_who, holder) => {
    writeFileSync(join(folder, "lock"), JSON.stringify(holder));
    expect(refusal(folder)).toBe("opened");
  });

  it.each<[string, () => void]>([
    ["settings that are not JSON", () => writeFileSync(join(folder, "settings.json"), "{")],
    ["settings without keys", () => writeFileSync(join(folder, "settings.json"), '{"format":1}')],
    ["a database without its keys", () => mkdirSync(join(folder, "postgres"))],
    ["keys without their database", () => loseCluster()],
  ])("is called damaged when it has %s, and is left as it is", (_what, damage) => {
    damage();
    const before = existsSync(join(folder, "settings.json")) && readFileSync(join(folder, "settings.json"), "utf8");
    expect(refusal(folder)).toContain(`mv '${folder}' '${folder}.damaged'`);
    expect(existsSync(join(folder, "settings.json")) && readFileSync(join(folder, "settings.json"), "utf8")).toBe(
      before,
    );
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  it("names a folder that it cannot be", () => {
    writeFileSync(join(folder, "file"), "");
    expect(refusal(join(folder, "file"))).toContain("name a folder that may be written to");
  });

  function loseCluster(): void {
    const home = openHome(folder);
    home.settings.clusterMade = true;
    home.save();
    home.release();
  }
});

describe("the identity of a process", () => {
  it("stays the same while it runs and is absent for one that does not", () => {
    expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
    expect(processIdentity(2 ** 22 + 1)).toBeNull();
  });
});
