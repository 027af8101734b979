import { Client } from "pg";
import { feedOf, type StackOutputs } from "../../../commands/stack/stack-outputs";
import { Feed } from "./feed";
import type { TestStack } from "../stack";

/** What tests talk with a stack by, once it is up. */
export interface Clients {
  outputs: StackOutputs;
  /** Connected. The database may go away under it: its next query says so. */
  client: Client;
  feed: Feed;
}

export async function clientsOf(stack: TestStack): Promise<Clients> {
  const outputs = await stack.outputs();
  const client = new Client({ connectionString: outputs.databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  return { outputs, client, feed: new Feed(feedOf(outputs)) };
}
