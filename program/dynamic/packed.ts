import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

/**
 * Of Brotli's qualities 0 to 11. Of both providers, 9 gives 85 kB in some 50 ms of each of two cores, 10 gives 81 kB in twice that time, and 11
 * takes twice as long again for 1.5 kB less.
 */
const QUALITY = 10;

/**
 * Turns a CommonJS module into a shorter one that unpacks it. A provider's text is twice in the state of each of its resources, and Pulumi
 * writes the whole state before and after each step: with 300 topics 600 times.
 */
export async function packed(text: string): Promise<string> {
  const bytes = await promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
  const unpacked = `require("node:zlib").brotliDecompressSync(Buffer.from("${bytes.toString("base64")}", "base64")).toString()`;
  // The module's own `_compile`: what it exports and requires is this module's.
  return `module._compile(${unpacked}, __filename);`;
}
