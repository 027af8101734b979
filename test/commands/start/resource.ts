import type { Resource } from "../../../commands/stack/deployment";

/** A resource of a state, as the CLI exports it. */
export const resource = (type: string, id: string, name: string, more: Partial<Resource> = {}): Resource => ({
  urn: `urn:${name}`,
  type,
  id,
  ...more,
  inputs: { name, ...more.inputs },
});
