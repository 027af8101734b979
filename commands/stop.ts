/** `npm stop`: everything of the stack goes, its data included; images stay. Further arguments go to `pulumi destroy`. */
import { pulumi } from "./stack";

pulumi(["destroy", "--yes", "--skip-preview", ...process.argv.slice(2)]).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
