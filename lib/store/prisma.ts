import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";

import { PrismaClient } from "@/generated/prisma/client";
import { db } from "@/lib/db";

let made: { pool: pg.Pool; client: PrismaClient } | undefined;

/**
 * The Prisma client over the store's pool, for the console's typed reads. Apart from lib/db.ts, so that the broker,
 * which speaks SQL only, does not load it.
 */
export function prisma(): PrismaClient {
  const pool = db();
  if (made?.pool !== pool) made = { pool, client: new PrismaClient({ adapter: new PrismaPg(pool) }) };
  return made.client;
}
