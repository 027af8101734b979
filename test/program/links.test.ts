/** Checks that links in pages, messages and comments lead to pages and headings that exist. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "@jest/globals";

/** Folders that are not this project's text: installed, built, or git's. */
const OTHERS = ["node_modules", "dist", ".git", ".state"];

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !OTHERS.includes(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
    });
}

const files = filesIn(".");
const pages = files.filter((file) => file.endsWith(".md"));
const sources = files.filter((file) => /\.([cm]?[jt]s|java|ya?ml|sh|html)$/.test(file));

/** The name that GitHub gives a heading in links. */
function anchorOf(heading: string): string {
  const text = heading.replace(/^#+ /, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function withoutCode(page: string): string {
  return readFileSync(page, "utf8")
    .replace(/^\s*```[^]*?^\s*```/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

const anchors = new Map(
  pages.map((page) => {
    const fenceless = readFileSync(page, "utf8").replace(/^\s*```[^]*?^\s*```/gm, "");
    return [
      page,
      fenceless
        .split("\n")
        .filter((line) => /^#+ /.test(line))
        .map(anchorOf),
    ];
  }),
);

/** @param from the file with the link, or the file to which its path is relative */
function leadsNowhere(from: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(target)) return true;
  return anchor !== undefined && anchors.get(target)?.includes(anchor) === false;
}

test.each(pages)("the links of %s lead to files and headings that are there", (page) => {
  const links = [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(own.filter((link) => leadsNowhere(page, link))).toEqual([]);
});

test("messages and comments name pages and headings that are there", () => {
  const named = sources.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\bdocs\/[\w-]+\.md(?:#[\w-]+)?/g)].map(([link]) => ({ file, link })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ link }) => leadsNowhere("README.md", link))).toEqual([]);
});
