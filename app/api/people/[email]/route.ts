import { z } from "zod";
import { roles } from "@/lib/access/permissions";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { setPersonEnabled, setPersonRole } from "@/lib/store/people";

const params = z.object({ email: z.string().max(254) });
const body = z
  .strictObject({ role: z.enum(roles).optional(), enabled: z.boolean().optional() })
  .refine(({ role, enabled }) => role !== undefined || enabled !== undefined, "nothing to change");

/** Changes a role, or disables and enables; an admin cannot lock themselves out. */
export const PATCH = route(
  { can: "identity.write", params, body },
  async ({ viewer, params: { email }, body: { role, enabled } }) => {
    const own = email.toLowerCase() === viewer.email;
    if (own && (enabled === false || (role !== undefined && role !== "admin"))) {
      throw new AppError("conflict", "ask another admin to take away your own rights");
    }
    const by = consoleActor(viewer);
    if (role !== undefined) await setPersonRole({ email: email, role }, by);
    if (enabled !== undefined) await setPersonEnabled({ email: email, enabled }, by);
  },
);
