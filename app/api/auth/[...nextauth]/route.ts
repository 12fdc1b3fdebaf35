import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth-options";
import { AppError } from "@/lib/errors";
import { errorResponse } from "@/lib/http";

type Context = { params: Promise<{ nextauth: string[] }> };

/** What signing in and out needs; the library's other endpoints stay closed. */
const actions = new Set(["csrf", "providers", "signin", "callback", "session", "signout", "error"]);

async function handle(request: Request, context: Context): Promise<Response> {
  try {
    const [action] = (await context.params).nextauth;
    if (action === undefined || !actions.has(action)) throw new AppError("not_found", "there is no such page");
    return await NextAuth(authOptions(action))(request, context);
  } catch (error) {
    return errorResponse(error, request);
  }
}

export { handle as GET, handle as POST };
