import { describe, expect, test } from "@jest/globals";
import { blockingWriter } from "../../consumer/stdout";

/** A pipe that takes a few bytes at a time and sometimes none. */
function pipe(answers: (number | string)[]) {
  const taken: number[] = [];
  const write = (_fd: number, bytes: Uint8Array, offset: number): number => {
    const answer = answers.shift() ?? bytes.length;
    if (typeof answer === "string") throw Object.assign(new Error(answer), { code: answer });
    const part = bytes.subarray(offset, offset + answer);
    taken.push(...part);
    return part.length;
  };
  return { text: () => Buffer.from(taken).toString("utf8"), writer: blockingWriter(1, write) };
}

describe("writing", () => {
  test("goes on until the pipe has taken everything, also in the middle of a character", () => {
    const { text, writer } = pipe([1, "EAGAIN", 3, "EAGAIN", "EAGAIN", 1]);
    writer("a😀b\n");
    expect(text()).toBe("a😀b\n");
  });

  test("says when the reader has gone", () => {
    const { writer } = pipe(["EPIPE"]);
    expect(() => writer("a\n")).toThrow("EPIPE");
  });
});
