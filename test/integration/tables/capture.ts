import { afterAll, beforeAll } from "@jest/globals";
import { captureChanged } from "./capture-changed";
import { captureIdentity } from "./capture-identity";
import { captureRights } from "./capture-rights";
import { CapturedDatabase } from "./captured-database";

/** The capture's verbs against a real database beside the stack's own. The tests build on each other, in this order. */
export function capture(databaseUrl: () => string): void {
  const db = new CapturedDatabase(databaseUrl);
  beforeAll(() => db.begin());
  afterAll(() => db.end());
  captureRights(db);
  captureChanged(db);
  captureIdentity(db);
}
