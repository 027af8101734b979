/** The handler's notes of its calls, over the whole run. */
import { closeSync, openSync, readFileSync, readSync, renameSync } from "node:fs";
import { type Handled, parseHandled } from "./reckon/handled";

/** Bytes to read for the first note, which is shorter. */
const FIRST_BYTES = 100;

/**
 * The handler's notes are a file in the consumer's volume, which `npm start` makes again when the broker's volume is gone. So the file is copied
 * before each start, and a copy of another file than before is kept beside the earlier ones.
 */
export class HandlerNotes {
  /** Copies of the files so far. The last file may have grown since its copy was made. */
  private readonly files: string[] = [];

  /**
   * @param folder for the copies
   * @param copy copies the file as it is now. @throws when there is no file
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
    // Reads one file after the other: a run of hours has millions of notes.
    return this.files.flatMap((file) => parseHandled(readFileSync(file, "utf8")));
  }
}

/** The first note of a file. It has the time of its call, so it tells files apart. */
function beginningOf(file: string): string {
  const bytes = Buffer.alloc(FIRST_BYTES);
  const opened = openSync(file, "r");
  const length = readSync(opened, bytes);
  closeSync(opened);
  return bytes.toString("utf8", 0, length).split("\n")[0]!;
}
