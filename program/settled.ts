import * as pulumi from "@pulumi/pulumi";

/** The code by which Pulumi's SDK says that the reason was logged. */
const REASON_IS_LOGGED = 32;

/**
 * Does work that comes before a program's resources, and has the run fail where Node ends the process meanwhile.
 *
 * Node ends a process that has nothing left to wait for with code 0, also where a promise is open that nobody will settle. Pulumi's SDK (3.276) fails
 * such a run for open promises of its own alone. Before the first resource there is none: the engine then takes the program for one that declares
 * nothing, deletes all that the stack has, its data included, and the run counts as a success.
 *
 * @param what as it reads after "The program ended while it": "looked at this machine"
 */
export async function settled<T>(what: string, work: () => Promise<T>): Promise<T> {
  const failed = (): void => {
    process.exitCode = REASON_IS_LOGGED;
    void pulumi.log.error(
      `The program ended while it ${what}: something that it waited for never answered. Nothing was changed. Run the command again; ` +
        "if it fails again, `npm run doctor` says how each part is.",
    );
  };
  process.once("beforeExit", failed);
  try {
    return await work();
  } finally {
    process.off("beforeExit", failed);
  }
}
