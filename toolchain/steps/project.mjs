// Makes what is in the checkout itself: packages, certificates for the images, the stack.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyCertificates } from "../../program/certificates.cjs";
import { run } from "../programs/command.mjs";
import { environment } from "../environment/environment.mjs";
import { npm } from "../programs/npm.mjs";
import { stampPackages } from "../plan/packages.mjs";
import { FIRST_STACK } from "../plan/plan.mjs";

export const packages = {
  title: { npm: "node_modules: installed" },
  async npm({ root, env, log }) {
    // Tests and tools are development packages, which NODE_ENV=production would leave out.
    const [command, args] = npm(["ci", "--include=dev"], env);
    await run(command, args, { log, env, cwd: root });
    stampPackages(root);
  },
};

export const certificates = {
  title: { copy: "Certificates of this host: copied for the images" },
  copy: async ({ root, env }) => copyCertificates(root, env),
};

export const stack = {
  title: {
    create: `Stack ${FIRST_STACK}: made and selected`,
    select: "The only stack: selected",
    init: "The stack that PULUMI_STACK names: made",
  },
  create: (context) => pulumiStack(context, ["select", "--create", FIRST_STACK]),
  select: (context) => pulumiStack(context, ["select", context.facts.stacks[0]]),
  /** The selected stack stays selected. */
  init: (context) => pulumiStack(context, ["init", "--no-select", context.facts.namedStack.name]),
};

async function pulumiStack({ root, env, facts, log }, args) {
  // The local backend refuses a folder that does not exist.
  if (!env.PULUMI_BACKEND_URL) mkdirSync(join(root, ".state"), { recursive: true });
  const changes = environment({ env, platform: process.platform, root, cli: facts.cli });
  const pulumi = join(facts.cli.folder, "pulumi");
  await run(pulumi, ["stack", ...args, "--non-interactive"], { log, cwd: root, env: { ...env, ...changes } });
}
