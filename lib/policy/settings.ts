import type { PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { HoldSettings, PolicySettings } from "./compiled";
import { parseDuration } from "./durations";
import { didYouMean } from "./suggest";

/** A value that an annotation cannot have. */
export type SettingFault = { annotation: string; message: string };

const quorumMax = 20;
const waitSecondsMax = 3600;
const reasonCharactersMax = 300;
const modes = ["enforce", "observe", "off"] as const;
const severities = ["low", "medium", "high"] as const;
const channels = ["console", "slack", "email"] as const;
const budgets = ["rows", "statements"] as const;

/** The annotations of a policy as settings, defaults filled in; a fault leaves the default. */
export function readSettings(policy: PolicyJson): { settings: PolicySettings; faults: SettingFault[] } {
  const reader = new AnnotationReader(policy.annotations ?? {});
  const settings: PolicySettings = {
    mode: reader.word("mode", modes) ?? "enforce",
    reason: reader.sentence("reason"),
    budget: reader.word("budget", budgets),
    hold: reader.text("hold") === null ? null : readHold(reader),
  };
  return { settings, faults: reader.faults };
}

function readHold(reader: AnnotationReader): HoldSettings {
  return {
    group: reader.text("hold") ?? "",
    quorum: reader.count("quorum", quorumMax) ?? 1,
    also: reader.text("also"),
    expiresSeconds: reader.seconds("expires", { min: 1 }) ?? 30 * 60,
    waitSeconds: reader.seconds("wait", { min: 0, max: waitSecondsMax }) ?? 120,
    lasts: reader.text("lasts") === "once" ? "once" : (reader.seconds("lasts", { min: 1 }) ?? "once"),
    channels: reader.words("channels", channels) ?? [...channels],
    severity: reader.word("severity", severities) ?? "medium",
  };
}

class AnnotationReader {
  readonly faults: SettingFault[] = [];
  readonly #annotations: Record<string, string | null>;

  constructor(annotations: Record<string, string | null>) {
    this.#annotations = annotations;
  }

  /** null where the annotation is absent or empty; an empty one is the fault of another check */
  text(annotation: string): string | null {
    return this.#annotations[annotation]?.trim() || null;
  }

  word<Word extends string>(annotation: string, known: readonly Word[]): Word | null {
    const text = this.text(annotation);
    return text === null ? null : this.#known({ annotation, text, known });
  }

  words<Word extends string>(annotation: string, known: readonly Word[]): Word[] | null {
    const texts = this.text(annotation)?.split(",");
    const words = texts?.map((text) => this.#known({ annotation, text: text.trim(), known }));
    return words ? [...new Set(words.filter((word) => word !== null))] : null;
  }

  count(annotation: string, max: number): number | null {
    const text = this.text(annotation);
    if (text === null) return null;
    if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= max) return Number(text);
    return this.#fault(annotation, `must be a whole number from 1 to ${max}, not "${text}"`);
  }

  seconds(annotation: string, { min, max }: { min: number; max?: number }): number | null {
    const text = this.text(annotation);
    if (text === null) return null;
    const seconds = parseDuration(text);
    if (seconds === null || seconds < min) {
      const once = annotation === "lasts" ? '"once" or ' : "";
      return this.#fault(annotation, `must be ${once}a time such as "30m", "120s" or "4h", not "${text}"`);
    }
    if (max !== undefined && seconds > max) return this.#fault(annotation, `must be ${max} s at most, not "${text}"`);
    return seconds;
  }

  sentence(annotation: string): string | null {
    const text = this.text(annotation);
    if (text === null) return null;
    if (/\p{C}/u.test(text)) return this.#fault(annotation, "must be one line without control characters");
    if (text.length <= reasonCharactersMax) return text;
    return this.#fault(annotation, `must have ${reasonCharactersMax} characters at most`);
  }

  #known<Word extends string>(about: { annotation: string; text: string; known: readonly Word[] }): Word | null {
    const { annotation, text, known } = about;
    const word = known.find((each) => each === text);
    return word ?? this.#fault(annotation, `must be ${known.join(" or ")}, not "${text}"${didYouMean(text, known)}`);
  }

  #fault(annotation: string, message: string): null {
    this.faults.push({ annotation, message: `@${annotation} ${message}` });
    return null;
  }
}
