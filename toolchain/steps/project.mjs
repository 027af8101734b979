// What lies in the checkout itself: packages, certificates for the images, the stack.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyCertificates } from "../../program/certificates.cjs";
import { run } from "../command.mjs";
import { environment } from "../environment.mjs";
import { npm } from "../npm.mjs";
import { stampPackages } from "../packages.mjs";

const STACK = "dev";

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
  title: { select: `Stack ${STACK}: selected` },
  async select({ root, env, facts, log }) {
    // The local backend refuses a folder that does not exist.
    if (!env.PULUMI_BACKEND_URL) mkdirSync(join(root, ".state"), { recursive: true });
    const changes = environment({ env, platform: process.platform, root, cli: facts.cli });
    const args = ["stack", "select", "--create", "--non-interactive", STACK];
    await run(join(facts.cli.folder, "pulumi"), args, { log, cwd: root, env: { ...env, ...changes } });
  },
};
