import { requireSetting } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type KeyRing, open, parseKeyRing, type Sealed, seal } from "@/lib/secrets";

/** The keys of COUNTERSIGN_KEY. */
function keyRing(): KeyRing {
  const parsed = parseKeyRing(requireSetting("COUNTERSIGN_KEY"));
  if (!parsed.ok) throw new AppError("invalid", `COUNTERSIGN_KEY ${parsed.fault}`);
  return parsed.ring;
}

type Place = { database: string } | { database: string; group: string };

/** Seals an upstream URL for the row it is stored in; ids of the database and, for a role's login, of the group. */
export function sealUrl(url: string, place: Place): Sealed {
  return seal(keyRing(), url, purposeOf(place));
}

/** @throws AppError("unavailable") where the value was moved or altered or its key is missing */
export function openUrl(sealed: Sealed, place: Place): string {
  return open(keyRing(), sealed, purposeOf(place));
}

function purposeOf(place: Place): string {
  return "group" in place ? `database_role/${place.database}/${place.group}` : `upstream_database/${place.database}`;
}
