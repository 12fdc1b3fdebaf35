import { userInfo } from "node:os";

/** Who changes something, and where: the beginning of every change's audit event. */
export type Actor = {
  /** `person/EMAIL`, `agent/NAME` or `system/PART` */
  actor: string;
  channel: "console" | "api" | "cli" | "idp" | "system";
  /** the operating-system user, for the command line */
  osUser?: string;
};

/** Somebody signed in to the console. */
export function consoleActor(viewer: { email: string }): Actor {
  return { actor: `person/${viewer.email}`, channel: "console" };
}

/** A part of the program itself: `system/workers`. */
export function systemActor(part: string): Actor {
  return { actor: `system/${part}`, channel: "system" };
}

/** Someone at the command line; `email` null where nobody has said who they are (set-up on the machine itself). */
export function commandLineActor(email: string | null): Actor {
  return { actor: email === null ? "system/cli" : `person/${email}`, channel: "cli", osUser: osUserName() };
}

function osUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return `uid:${process.getuid?.() ?? "unknown"}`;
  }
}
