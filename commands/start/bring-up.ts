import { oldImages } from "../images/age";
import { removeUnused } from "../images/unused";
import { isYes } from "./arguments";
import { forgetGone } from "./gone";
import { forgetGoneTopics } from "./gone-topics";
import { isHeld, onceFree, recover } from "./interrupted";
import { endedBy, endedText, INTERRUPTED } from "../processes/signals";
import { removeEdited } from "../live/marker";
import { stateResources } from "../stack/local-backend";
import { thisStack } from "../stack/this-stack";
import { hasUnseenTopics } from "./unseen-topics";
import { rejectHalfUpgraded } from "../upgrade-postgres/under-way";
import { up } from "./up";

/**
 * Brings the stack up from whatever state it is in, and tidies up after it.
 *
 * @param args further arguments of `pulumi up`
 * @param variables further variables of its environment
 * @param command the command that goes on after a signal
 * @returns the CLI's exit code; after a signal, which is told, never 0: the CLI may report a run that was told to stop as complete
 * @throws where a question has to be answered, and there is no terminal or the answer is no
 */
export async function bringUp(
  args: string[],
  variables: Record<string, string> = {},
  command = "npm start",
): Promise<number> {
  await settle(isYes(args));
  const unseen = hasUnseenTopics(stateResources(await thisStack()));
  let code = await onceFree(() => up(args, variables));
  if (code !== 0 && unseen && endedBy() === undefined) {
    console.error(
      "\nA stop that was ended half-way has left the broker's data. Now that the broker runs, once more, with the topics that it has.",
    );
    code = await up(args, variables);
  }
  const ended = endedText(command);
  if (ended !== undefined) {
    console.error(ended);
    return code || INTERRUPTED;
  }
  if (code !== 0) return code;
  // The stack is up, so a failure to tidy up is no failure of the start.
  const [removed, old] = await Promise.all([removeUnused(), oldImages(Date.now())]).catch((error: Error) => {
    console.error(`Old images could not be looked for: ${error.message}`);
    return [[], []];
  });
  if (removed.length > 0) console.error(`Removed, since nothing uses them: ${removed.join(", ")}.`);
  if (old.length > 0) console.error(`${old.join("\n")}\nDebian's fixes since then: \`npm run rebuild\`.`);
  return code;
}

/** Makes the state agree with the engine. Begins again where another run took the stack's lock meanwhile. */
async function settle(isAgreed: boolean): Promise<void> {
  for (;;) {
    await recover();
    try {
      await rejectHalfUpgraded(await thisStack());
      await removeEdited();
      await forgetGone(isAgreed);
      return await forgetGoneTopics();
    } catch (error) {
      if (!isHeld()) throw error;
    }
  }
}
