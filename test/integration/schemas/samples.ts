/** Schemas of other people's applications (`database/NAME.sql`), each with a writer that does what the application would. */
import type { Client } from "pg";
import { write as bookshop } from "./bookshop";
import { write as django } from "./django";
import { write as events } from "./events";
import { write as metrics } from "./metrics";
import { write as odd } from "./odd";
import { write as prisma } from "./prisma";
import { write as rails } from "./rails";
import { write as tenants } from "./tenants";

/** The nth step of an application; rejects when the database refuses a statement that it should take. */
export type Writer = (client: Client, n: number) => Promise<void>;

/** Writers by their schema's name. */
export const WRITERS: Readonly<Record<string, Writer>> = {
  bookshop,
  django,
  events,
  metrics,
  odd,
  prisma,
  rails,
  tenants,
};
