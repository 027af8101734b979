import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type CliFailure, insteadOfAnswer, namesNoStack } from "../stack/cli-failure";
import { WITHOUT_FEED } from "../stack/without-feed";

const FALLBACK = "http://127.0.0.1:8088";
const ASK_MS = 20_000;

/**
 * Address of the stack's consumer. Only where no stack is named or known it is a guess, which is told: at that address there may be another stack's.
 *
 * @throws where there is a stack and its address cannot be had
 */
export async function stackUrl(notice: (text: string) => void): Promise<string> {
  const args = ["stack", "output", "feedUrl", "--non-interactive"];
  const { stdout, failure } = await promisify(execFile)("pulumi", args, { timeout: ASK_MS }).then(
    ({ stdout }) => ({ stdout, failure: undefined }),
    (error: CliFailure) => ({ stdout: "", failure: error }),
  );
  const url = stdout.trim().replace(/\/+$/, "");
  if (failure === undefined && URL.canParse(url)) return url;
  if (failure !== undefined && namesNoStack(failure) && !process.env["PULUMI_STACK"]) {
    notice(`No stack is known here, so whichever consumer answers at ${FALLBACK} is taken; --url names another`);
    return FALLBACK;
  }
  throw new Error(
    `${reason(failure)} --url names a consumer's address; PULUMI_STACK=NAME before the command another stack.`,
  );
}

function reason(failure: CliFailure | undefined): string {
  if (failure === undefined || /does not have output property/.test(failure.stderr ?? ""))
    return `The stack has no feed to show: it is not up (\`npm start\`), or ${WITHOUT_FEED}.`;
  const does = insteadOfAnswer(failure, `does not say it within ${ASK_MS / 1000} s`);
  return `The address of the stack's consumer is not known, since the Pulumi CLI ${does}.`;
}
