import { readDeclared } from "../doctor/applied-settings";
import { thisStack } from "../stack/this-stack";

const ASK_MS = 10_000;

/** The connector's config as the last `up` has applied it. Empty where the state does not tell: what needs it then goes on without. */
export async function appliedConfig(): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await readDeclared(await thisStack(), ASK_MS)).connector?.config ?? {};
  } catch {
    return {};
  }
}
