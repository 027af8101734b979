/** Finds a Chromium in which the page is tested, or installs Debian's. When neither is possible, the error says what to do. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";

interface Machine {
  platform: NodeJS.Platform;
  env: { [name: string]: string | undefined };
  exists: (path: string) => boolean;
}

/** Paths where a Chromium or Chrome may be, the preferred one first. */
export function candidates({ platform, env }: Pick<Machine, "platform" | "env">): string[] {
  if (platform === "darwin") {
    const applications = ["/Applications", join(env["HOME"] ?? "", "Applications")];
    const inside = [
      "Chromium.app/Contents/MacOS/Chromium",
      "Google Chrome.app/Contents/MacOS/Google Chrome",
      "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ];
    return inside.flatMap((path) => applications.map((folder) => join(folder, path)));
  }
  if (platform === "win32") {
    const folders = [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]].filter(
      (folder) => folder !== undefined,
    );
    const inside = [
      ["Chromium", "Application", "chrome.exe"],
      ["Google", "Chrome", "Application", "chrome.exe"],
      ["Microsoft", "Edge", "Application", "msedge.exe"],
    ];
    return inside.flatMap((path) => folders.map((folder) => join(folder, ...path)));
  }
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
  const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin"];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

export function findChromium(machine: Machine): string | undefined {
  const named = machine.env["CHROMIUM_PATH"];
  if (named) {
    if (machine.exists(named)) return named;
    throw new Error(`CHROMIUM_PATH is "${named}", where there is no file`);
  }
  return candidates(machine).find((path) => machine.exists(path));
}

/** Two test files run at a time. Without the lock, one would find the other's apt at work, or a browser that is half installed. */
const LOCK = join(tmpdir(), "cdc-chromium-install.lock");
const INSTALL =
  "command -v chromium >/dev/null || { apt-get -qq update && " +
  "apt-get -qq -o DPkg::Lock::Timeout=180 install -y --no-install-recommends chromium; }";

function ensureChromium(): string {
  const machine: Machine = { platform: process.platform, env: process.env, exists: existsSync };
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) {
    const found = findChromium(machine);
    if (found !== undefined) return found;
    throw new Error(
      "The page's tests need Chromium or Chrome and found none. Install one (Debian: apt-get install chromium; " +
        "macOS: brew install --cask chromium) or name its program in CHROMIUM_PATH.",
    );
  }
  const install = findChromium(machine) === undefined ? INSTALL : "true";
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("flock", [LOCK, "sh", "-c", install], { env, stdio: "pipe" });
  } catch (error) {
    throw new Error("Installing Debian's package chromium for the page's tests failed", { cause: error });
  }
  const installed = findChromium(machine);
  if (installed === undefined) throw new Error("Debian's package chromium is installed, but its program is not there");
  return installed;
}

/** A headless browser with a profile of its own, which sends no requests of its own. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    headless: true,
    // Chromium's sandbox does not start as root.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
