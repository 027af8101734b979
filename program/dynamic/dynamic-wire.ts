import type * as pulumi from "@pulumi/pulumi";
import { endWithEngine } from "./engine-gone";
import { noteUp } from "./gone";

type Provider = pulumi.dynamic.ResourceProvider;

/** A provider whose answers fit Pulumi's wire format. The format has no `undefined`, and fails on one without naming its place. */
export function overWire<I, O>(provider: pulumi.dynamic.ResourceProvider<I, O>): Provider {
  const verbs = Object.entries(provider as Provider).map(([verb, run]) => [
    verb,
    async (...args: unknown[]) => {
      try {
        return plain(await (run as (...args: unknown[]) => Promise<unknown>)(...args));
      } catch (error) {
        const { properties } = error as { properties?: object };
        throw properties ? Object.assign(error as Error, { properties: plain(properties) }) : error;
      }
    },
  ]);
  return Object.fromEntries(verbs) as Provider;
}

function plain(value: unknown): unknown {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

/** The provider as Pulumi's process for dynamic resources loads it. That process ends with its engine. */
export function served<I, O>(provider: pulumi.dynamic.ResourceProvider<I, O>): Provider {
  endWithEngine();
  const { check, ...rest } = provider;
  return overWire<I, O>({
    ...rest,
    ...(check && {
      check: (olds: I, news: I) => {
        noteUp();
        return check(olds, news);
      },
    }),
  });
}
