import { stateFolder } from "../../program/state-folder.cjs";
import type { Deployment, Resource } from "./deployment";
import { stateResources } from "./local-backend";
import { captured } from "./stack-outputs";

/**
 * Resources of a stack in the state, whatever backend keeps it. The files of a local backend are read; of any other the CLI is asked, which takes a second.
 *
 * @param prefix `<project>-<stack>`, as `thisStack` gives it
 */
export async function knownResources(prefix: string): Promise<Resource[]> {
  if (stateFolder(process.env["PULUMI_BACKEND_URL"]) !== undefined) return stateResources(prefix);
  const { deployment } = JSON.parse(await captured(["stack", "export"])) as { deployment?: Deployment };
  return deployment?.resources ?? [];
}
