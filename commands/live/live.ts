/** `npm start -- --watch`: an edit of the handler, or of anything that it imports, is live without a new image. */
import { errorText } from "../../consumer/log";
import { FileWatch } from "./file-watch";
import { LiveProgram } from "./built-program";

export interface LiveOptions {
  /** File that exports `handle`, relative to the project. */
  handler: string;
  /** The program that the consumer has; undefined: not known. An edit that was saved while the stack came up is not in it. */
  running(): Promise<string | undefined>;
  /** Makes the consumer run this program. Rejects with the message to show. */
  put(program: string): Promise<void>;
  say(line: string): void;
}

/** Runs until it is closed. It makes one edit live after the other. Edits that come meanwhile are taken as one. */
export async function live({ handler, running: has, put, say }: LiveOptions): Promise<{ close(): Promise<void> }> {
  const program = await LiveProgram.of(handler);
  let running: Promise<void> | undefined;
  let again = false;

  const edited = (): void => {
    again = true;
    running ??= catchUp().finally(() => (running = undefined));
  };
  const catchUp = async (): Promise<void> => {
    while (again) {
      again = false;
      await once(performance.now());
    }
  };
  const once = async (began: number): Promise<void> => {
    let built = await program.build();
    while (files.follow(built.files)) built = await program.build();
    if ("failure" in built) return say(`${built.failure}\nThe consumer goes on with what it had.`);
    if (built.text === current) return;
    try {
      await put(built.text);
      current = built.text;
      say(`live in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
      current = undefined;
      say(errorText(error));
    }
  };

  const files = new FileWatch(edited);
  let current = await has();
  const first = await program.build();
  if ("failure" in first) say(first.failure);
  files.follow(first.files);
  say(`Watching ${handler} and what it imports; an edit is live within seconds. Ctrl-C ends it.`);
  if (!("failure" in first) && first.text !== current) edited();
  return {
    async close() {
      files.close();
      await running;
      await program.close();
    },
  };
}
