import { db } from "@/lib/db";

export const dynamic = "force-dynamic";

/** For start-up checks and load balancers: whether the console answers and reaches its store. No sign-in, no details. */
export async function GET(): Promise<Response> {
  const headers = { "cache-control": "no-store" };
  try {
    await db().query("select 1");
    return Response.json({ status: "ok" }, { headers });
  } catch {
    return Response.json({ status: "unavailable" }, { status: 503, headers });
  }
}
