/** `npm run bom`: the parts of the images as CycloneDX, and the published advisories about them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { advisoryUrl, type AffectedComponent, findingsIn, readAdvisories } from "./bom/advisories";
import { componentsIn, QUESTIONS } from "./bom/contents";
import { cycloneDx, type Subject } from "./bom/cyclonedx";
import { fileNames, namedBy } from "./bom/subjects";
import { lockedPackages } from "./bom/package-lock";
import { HELP, parseOptions } from "./bom/bom-options";
import { docker } from "./processes/docker";
import { containersByStack, lookAtContainers } from "./look/containers-look";
import { whichStack } from "./look/which-stack";
import { runMain } from "./terminal/main";

const FOLDER = "dist/bom";
const DEADLINE_MS = 20_000;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const list = readAdvisories();
  const images = options.images.length > 0 ? options.images : await imagesOfStack(options.stack);
  mkdirSync(FOLDER, { recursive: true });
  const found: AffectedComponent[] = [];
  const subjects = await Promise.all(images.map(subjectOf));
  const names = fileNames(subjects);
  for (const [at, image] of images.entries()) {
    const components = componentsIn(await answersOf(image));
    const findings = findingsIn(components, list);
    const subject = subjects[at]!;
    const file = `${FOLDER}/${names[at]}.cdx.json`;
    const text = JSON.stringify(cycloneDx(subject, components, findings, new Date().toISOString()), undefined, 2);
    writeFileSync(file, `${text}\n`);
    console.log(`${image}: ${components.length} parts, ${file}`);
    found.push(...findings);
  }
  const packages = lockedPackages();
  console.log(`package-lock.json: ${packages.length} packages`);
  found.push(...findingsIn(packages, list));
  tell(found);
  console.log(
    `Compared with ${list.advisories.length} advisories published by ${list.read}: commands/bom/advisories.json.`,
  );
  return found.some(({ accepted }) => accepted === undefined) ? 1 : 0;
}

function tell(findings: readonly AffectedComponent[]): void {
  for (const { advisory, component, accepted } of findings) {
    const { name, version } = component;
    console.log(`\n${advisory.id}: ${name} ${version}: ${advisory.what}. ${advisoryUrl(advisory.id)}`);
    console.log(
      accepted ? `  ${accepted.state}: ${accepted.why}` : "  Not looked at yet: take a fixed version, or say why not.",
    );
  }
  if (findings.length > 0) console.log("");
}

async function imagesOfStack(stack: string | undefined): Promise<string[]> {
  const byStack = containersByStack(DEADLINE_MS);
  const prefix = await whichStack(
    stack,
    byStack.then((found) => [...found.keys()]),
  );
  const containers = await lookAtContainers(prefix, (await byStack).get(prefix) ?? [], DEADLINE_MS);
  const images = [...new Set(containers.map(({ image }) => image).filter(Boolean))];
  if (images.length > 0) return images;
  throw new Error(
    `The stack ${prefix} has no containers: \`npm start\` makes them. Or name images: npm run bom -- IMAGE …`,
  );
}

/** Runs the image to ask for its parts, without rights and without a network. */
function answersOf(image: string): Promise<string> {
  const shut = ["--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
  return docker("run", ...shut, "--entrypoint", "/bin/sh", image, "-c", QUESTIONS).catch((error: Error) => {
    throw new Error(`${image} does not say what it is made of, for which it needs a shell: ${error.message}`);
  });
}

async function subjectOf(image: string): Promise<Subject> {
  return { ...namedBy(image), id: await docker("image", "inspect", "--format", "{{.Id}}", image) };
}

runMain(main);
