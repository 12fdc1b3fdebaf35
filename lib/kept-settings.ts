/** Settings that the broker keeps for itself (contract: `countersign.*`). They never reach the upstream. */
export type KeptSettings = {
  reason: string | null;
  purpose: string | null;
  /** an e-mail; recorded as claimed, never a source of rights */
  onBehalfOf: string | null;
  breakGlass: boolean;
  /** seconds that a held call may wait; null: as long as the policy says */
  waitSeconds: number | null;
};

export type KeptChange = { ok: true; kept: KeptSettings } | { ok: false; message: string; hint: string };

export const keptPrefix = "countersign.";
const reasonCharactersMin = 20;
const textCharactersMax = 1_000;
const waitSecondsMax = 86_400;
const trueWords = new Set(["on", "true", "yes", "1", "t", "y"]);
const falseWords = new Set(["off", "false", "no", "0", "f", "n"]);

export const keptNames = [
  "countersign.reason",
  "countersign.purpose",
  "countersign.on_behalf_of",
  "countersign.break_glass",
  "countersign.wait",
] as const;

export function noKeptSettings(): KeptSettings {
  return { reason: null, purpose: null, onBehalfOf: null, breakGlass: false, waitSeconds: null };
}

/** @param name in lower case, with the prefix; @param value null is RESET or DEFAULT */
export function changeKept(kept: KeptSettings, name: string, value: string | null): KeptChange {
  if (value !== null && value.length > textCharactersMax) {
    return { ok: false, message: `${name} is longer than ${textCharactersMax} characters`, hint: "say it shorter" };
  }
  const text = value === null || value.trim() === "" ? null : value.trim();
  switch (name) {
    case "countersign.reason":
      return { ok: true, kept: { ...kept, reason: text } };
    case "countersign.purpose":
      return { ok: true, kept: { ...kept, purpose: text } };
    case "countersign.on_behalf_of":
      if (text !== null && !/^[^\s@]+@[^\s@]+$/.test(text)) return wrong(name, "an e-mail address");
      return { ok: true, kept: { ...kept, onBehalfOf: text?.toLowerCase() ?? null } };
    case "countersign.break_glass":
      return changeBreakGlass(kept, text?.toLowerCase() ?? "off");
    case "countersign.wait": {
      const seconds = text === null ? null : Number(text.replace(/\s*s$/, ""));
      if (seconds !== null && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= waitSecondsMax)) {
        return wrong(name, "a number of seconds");
      }
      return { ok: true, kept: { ...kept, waitSeconds: seconds } };
    }
    default:
      return {
        ok: false,
        message: `unrecognized configuration parameter "${name}"`,
        hint: `settings of the broker are ${keptNames.join(", ")}`,
      };
  }
}

function changeBreakGlass(kept: KeptSettings, word: string): KeptChange {
  if (falseWords.has(word)) return { ok: true, kept: { ...kept, breakGlass: false } };
  if (!trueWords.has(word)) return wrong("countersign.break_glass", "on or off");
  if ((kept.reason ?? "").length < reasonCharactersMin) {
    return {
      ok: false,
      message: `countersign.break_glass needs a reason of at least ${reasonCharactersMin} characters`,
      hint: "set countersign.reason first and say why it cannot wait",
    };
  }
  return { ok: true, kept: { ...kept, breakGlass: true } };
}

function wrong(name: string, wanted: string): KeptChange {
  return { ok: false, message: `invalid value for parameter "${name}"`, hint: `it takes ${wanted}` };
}

/** As SHOW prints them. */
export function showKept(kept: KeptSettings): Record<string, string> {
  return {
    "countersign.reason": kept.reason ?? "",
    "countersign.purpose": kept.purpose ?? "",
    "countersign.on_behalf_of": kept.onBehalfOf ?? "",
    "countersign.break_glass": kept.breakGlass ? "on" : "off",
    "countersign.wait": kept.waitSeconds === null ? "" : String(kept.waitSeconds),
  };
}
