import { z } from "zod";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { addMember, removeMember } from "@/lib/store/groups";

const params = z.object({ name: z.string().max(300) });
/** `agent/NAME` or `person/EMAIL` */
const principal = z.string().regex(/^(agent|person)\/\S+$/, "must be agent/NAME or person/EMAIL");

export const POST = route(
  { can: "identity.write", params, body: z.strictObject({ principal }) },
  ({ viewer, params, body }) => addMember({ group: params.name, principal: body.principal }, consoleActor(viewer)),
);

export const DELETE = route(
  { can: "identity.write", params, query: z.object({ principal }) },
  ({ viewer, params, query }) => removeMember({ group: params.name, principal: query.principal }, consoleActor(viewer)),
);
