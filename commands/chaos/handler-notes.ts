/** What the handler noted of its calls, over the whole run. */
import { closeSync, openSync, readFileSync, readSync, renameSync } from "node:fs";
import { type Handled, parseHandled } from "./reckon/handled";

/** Longer than a note. */
const FIRST_BYTES = 100;

/**
 * The notes are a file in the consumer's volume, which `npm start` makes anew where the broker's volume is gone. So they are copied
 * before each start, and each file that is another one than before is kept.
 */
export class HandlerNotes {
  /** Copies of the files that there were. The last one may have grown since. */
  private readonly files: string[] = [];

  /**
   * @param folder where the copies go
   * @param copy copies the file as it is now. @throws where there is none
   */
  constructor(
    private readonly folder: string,
    private readonly copy: (into: string) => Promise<void>,
  ) {}

  async keep(): Promise<void> {
    const copied = `${this.folder}/handled.new`;
    await this.copy(copied);
    const last = this.files.at(-1);
    const isLast = last !== undefined && beginningOf(last) === beginningOf(copied);
    const file = isLast ? last : `${this.folder}/handled.${this.files.length + 1}`;
    renameSync(copied, file);
    if (!isLast) this.files.push(file);
  }

  /** All calls, in their order. */
  async read(): Promise<Handled[]> {
    await this.keep();
    // One after the other: a run of hours has millions of notes.
    return this.files.flatMap((file) => parseHandled(readFileSync(file, "utf8")));
  }
}

/** The first note, which has the time of its call. */
function beginningOf(file: string): string {
  const bytes = Buffer.alloc(FIRST_BYTES);
  const opened = openSync(file, "r");
  const length = readSync(opened, bytes);
  closeSync(opened);
  return bytes.toString("utf8", 0, length).split("\n")[0]!;
}
