import { execFile } from "node:child_process";
import { once } from "node:events";

/** A call of a provider's verb. */
export interface Call {
  verb: string;
  args: unknown[];
}

/** The result of a call: a value, or the parts of the error that Pulumi reads. */
export interface Outcome {
  result?: unknown;
  error?: { message: string; id?: string; properties?: Record<string, unknown>; reasons?: string[] };
}

// As in @pulumi/pulumi/cmd/dynamic-provider: the text becomes a module, whose handler returns the provider.
const CALL = `
  const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
  const requireFromString = require("require-from-string");
  let input = "";
  process.stdin.on("data", (chunk) => (input += chunk)).on("end", async () => {
    const { text, calls } = JSON.parse(input);
    const provider = requireFromString(text).handler();
    const outcomes = [];
    for (const { verb, args } of calls) {
      try {
        const result = await provider[verb](...args);
        for (const part of ["inputs", "outs", "props"]) Struct.fromJavaScript(result?.[part] ?? {});
        outcomes.push({ result });
      } catch ({ message, id, properties, reasons }) {
        Struct.fromJavaScript(properties ?? {});
        outcomes.push({ error: { message, id, properties, reasons } });
      }
    }
    process.stdout.write(JSON.stringify(outcomes));
  });
`;

/** Loads the text in a fresh process, as the engine does, and calls its verbs one after the other. */
export async function callSerialized(text: string, calls: Call[]): Promise<Outcome[]> {
  return JSON.parse(await node(["-e", CALL], JSON.stringify({ text, calls }))) as Outcome[];
}

async function node(args: string[], input = ""): Promise<string> {
  const child = execFile(process.execPath, args, { maxBuffer: 1 << 24 });
  let [out, error] = ["", ""];
  child.stdout?.on("data", (chunk) => (out += chunk));
  child.stderr?.on("data", (chunk) => (error += chunk));
  child.stdin?.end(input);
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`node ended with ${code}: ${error}`);
  return out;
}
