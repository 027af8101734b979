import { beforeAll, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { parseApplied } from "../../components/preflight/applied";
import { Credentials, type StoredCredentials } from "../../components/credentials";

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: ({ token }) => {
      throw new Error(`unexpected call ${token}`);
    },
  }),
);

/** The credentials in the state after a run with this password. */
async function made(password: string, stored?: StoredCredentials): Promise<StoredCredentials> {
  const credentials = new Credentials("credentials", { prefix: "cdc-dev", password: pulumi.secret(password), stored });
  const words = await Promise.all([value(credentials.rolePassword), value(credentials.connectToken)]);
  return { prefix: "cdc-dev", password, rolePassword: words[0], connectToken: words[1] };
}

async function value(output: pulumi.Output<string>): Promise<string> {
  expect(await pulumi.isSecret(output)).toBe(true);
  return new Promise((resolve) => output.apply(resolve));
}

test("are random: two stacks with the same password have no word in common", async () => {
  const [one, other] = [await made("word"), await made("word")];
  const words = [one.rolePassword, one.connectToken, other.rolePassword, other.connectToken];
  for (const word of words) expect(word).toMatch(/^[0-9a-f]{48}$/);
  expect(new Set(words).size).toBe(4);
});

test("stay as the state holds them", async () => {
  const first = await made("word");
  expect(await made("word", first)).toEqual(first);
});

test("another password of the stack changes the role's password, once", async () => {
  const first = await made("word");
  const second = await made("another", first);
  expect(second.rolePassword).not.toBe(first.rolePassword);
  expect(second.connectToken).toBe(first.connectToken);
  expect(await made("another", second)).toEqual(second);
});

test("a state that lacks one of them counts as one without", () => {
  const whole = { prefix: "cdc-dev", password: "word", rolePassword: "role", connectToken: "token" };
  const applied = (outputs: Record<string, unknown>) =>
    parseApplied({ "urn:credentials": { type: "cdc:index:Credentials", outputs } }).credentials;
  expect(applied(whole)).toEqual([whole]);
  for (const key of Object.keys(whole)) {
    expect(applied({ ...whole, [key]: undefined })).toEqual([]);
    expect(applied({ ...whole, [key]: "" })).toEqual([]);
  }
  expect(parseApplied({}).credentials).toEqual([]);
});
