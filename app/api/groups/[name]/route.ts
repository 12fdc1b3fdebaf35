import { z } from "zod";
import { AppError } from "@/lib/errors";
import { route } from "@/lib/http";
import { consoleActor } from "@/lib/store/actor";
import { readActiveBundle } from "@/lib/store/bundles";
import { removeGroup } from "@/lib/store/groups";

const params = z.object({ name: z.string().max(300) });

/** Removes a group that the policies in force do not name: without it they would not compile, and nothing would run. */
export const DELETE = route({ can: "identity.write", params }, async ({ viewer, params }) => {
  const name = params.name;
  const files = Object.entries((await readActiveBundle())?.files ?? {});
  const naming = files.filter(([, text]) => namesGroup(text, name)).map(([file]) => file);
  if (naming.length > 0) {
    throw new AppError("conflict", `the policies in force name the group ${name}, in ${naming.join(", ")}`);
  }
  await removeGroup(name, consoleActor(viewer));
});

/** Errs towards yes: a word of that name anywhere in a file counts. */
function namesGroup(text: string, name: string): boolean {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(^|[^\\p{L}\\p{N}_-])${word}($|[^\\p{L}\\p{N}_-])`, "mu").test(text);
}
