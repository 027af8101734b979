import { SeparateStack } from "../../commands/separate-stack";

export { docker } from "../../commands/docker";

/** A stack for tests, beside the laptop's. */
export class TestStack extends SeparateStack {
  constructor(purpose: string) {
    super(`test-${purpose}`);
  }
}
