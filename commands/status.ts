/** `npm run status`: shows the stack on one screen. */
import { findingsOf } from "./look/findings";
import { lookAtStack } from "./look/stack-look";
import { runLook } from "./look/run-look";

const HELP = `Shows the stack on one screen: containers, connector, slot, topics, consumer, newest change.

  npm run status -- [options]

  --stack NAME   another stack than the selected one
  --json         the same as JSON, for scripts
  --help         this text

Ends with 0 when all is well, with 1 when something is wrong: below it stands the command that mends it.
`;

runLook(HELP, async (stack) => {
  const look = await lookAtStack(stack);
  return { look, findings: findingsOf(look) };
});
