import * as pulumi from "@pulumi/pulumi";

export interface Recorded {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Mocks the engine for a stack that is made for the first time. @returns a list to which declared resources are added as they come */
export async function mockEngine(project: string, settings: Record<string, string>): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        recorded.push({ type, name, inputs });
        const captured = type.endsWith("Capture") ? { captured: inputs["tables"], generated: [], tableIds: {} } : {};
        return { id: id || `${name}-id`, state: { ...inputs, ...captured } };
      },
      call: ({ token }) => {
        // The state of a new stack is empty.
        if (token === "pulumi:pulumi:readStackResourceOutputs") return { outputs: {} };
        throw new Error(`unexpected call of ${token}`);
      },
    },
    project,
    "dev",
    true,
    "organization",
  );
  pulumi.runtime.setAllConfig(settings);
  return recorded;
}

/**
 * Waits for all that the program declares, as Pulumi does before it ends: for every registration under way, and for those that begin after another
 * one is done.
 */
export async function allDeclared(): Promise<void> {
  await pulumi.runtime.disconnect();
}
