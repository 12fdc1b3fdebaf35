import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { urlFault } from "@/lib/store/databases";
import { tryConnection } from "@/lib/upstream/try-connection";

const body = z.strictObject({ url: z.string().max(2_000) });

/** Tries a connection without keeping anything: what the login finds, or exactly what went wrong. */
export const POST = route({ can: "database.write", body }, async ({ body: { url } }) => {
  const fault = urlFault(url);
  if (fault !== null) throw new AppError("invalid", `the URL ${fault}`);
  return tryConnection(url);
});
