/** `npm run status`: the stack on one screen. */
import { isHealthy } from "./look/finding";
import { findingsOf } from "./look/findings";
import { lookJson } from "./look/json";
import { lookAtStack } from "./look/look";
import { runLook } from "./look/run";
import { HELP, parseOptions } from "./status/options";
import { screen } from "./status/screen";

runLook(async (paint) => {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) return { text: HELP, code: 0 };
  const look = await lookAtStack(options.stack);
  const findings = findingsOf(look);
  const text = options.json ? `${JSON.stringify(lookJson(look, findings))}\n` : screen(look.prefix, findings, paint);
  return { text, code: isHealthy(findings) ? 0 : 1 };
});
