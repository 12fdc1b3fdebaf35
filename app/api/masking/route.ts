import { z } from "zod";
import { route } from "@/lib/http";
import { readMaskedCatalog } from "./masked-catalog";
import { readActiveMasking } from "./masking-config";
import { findPrincipal } from "./principal";

const query = z.object({ database: z.string().max(63), as: z.string().max(300).default("") });

/** Every column of a database as one principal sees it, or as nobody in particular. */
export const GET = route({ can: "masking.read", query }, async ({ query: { database, as } }) => {
  const [{ config }, principal] = await Promise.all([readActiveMasking(), findPrincipal(as)]);
  return readMaskedCatalog({ database, principal, config });
});
