import { afterAll, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostCertificates } from "../../program/certificates.cjs";

const folder = mkdtempSync(join(tmpdir(), "certs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const certificate = (body) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

test("what the host trusts in addition is found in subfolders too, and a link without a target is passed over", () => {
  mkdirSync(join(folder, "corp", "eu"), { recursive: true });
  mkdirSync(join(folder, "folder.crt"));
  writeFileSync(join(folder, "proxy.crt"), certificate("AAA="));
  writeFileSync(join(folder, "corp", "eu", "proxy.crt"), certificate("BBB="));
  symlinkSync(join(folder, "nowhere"), join(folder, "gone.crt"));
  // A file that cannot be read otherwise: a link to itself.
  symlinkSync(join(folder, "loop.crt"), join(folder, "loop.crt"));
  const found = hostCertificates({}, folder);
  expect(Object.fromEntries(found)).toEqual(
    process.platform === "linux" ? { "proxy.crt": certificate("AAA="), "corp-eu-proxy.crt": certificate("BBB=") } : {},
  );
});
