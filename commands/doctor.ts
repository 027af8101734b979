/** `npm run doctor`: says what is wrong with the stack or the machine, and what mends it. */
import { examine } from "./doctor/examine-stack";
import { runLook } from "./look/run-look";

const HELP = `Examines the stack and the machine it runs on; below what is wrong stands the command that mends it, and the first is the cause.

  npm run doctor -- [options]

  --stack NAME   another stack than the selected one
  --json         the same as JSON, for scripts
  --help         this text

Beyond \`npm run status\`: engine, disk, ports and who holds them, the images' age, versions, publication, rights and the
connector's config against what was declared, a consumer that does not get on, and a probe through the pipeline: a message
in the database's log, which touches no table and which the consumer does not read.

Ends with 0 when all is well, with 1 when something is wrong.
`;

runLook(HELP, examine);
