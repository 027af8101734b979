import { Client } from "pg";
import { feedOf, type StackOutputs } from "../../../commands/stack/stack-outputs";
import { Feed } from "./feed";
import type { TestStack } from "../stack";

/** Clients of a running stack, for tests. */
export interface Clients {
  outputs: StackOutputs;
  /** Is connected. When the database goes away, the next query fails. */
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
