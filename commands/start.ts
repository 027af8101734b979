/** `npm start`: the stack up, then the demo, then what to do next. Further arguments go to `pulumi up`. */
import { demo } from "./demo";
import { forgetGone } from "./gone";
import { recover } from "./interrupted";
import { runMain } from "./main";
import { pulumi, stackOutputs, type StackOutputs } from "./stack";

async function main(): Promise<number> {
  await recover();
  await forgetGone();
  const code = await pulumi(["up", "--yes", "--skip-preview", ...process.argv.slice(2)]);
  if (code !== 0) {
    console.error("\nThe stack is not up; the reason is above. Run `npm start` again: it goes on from here.");
    return code;
  }
  const outputs = await stackOutputs();
  await demo(outputs);
  console.log(farewell(outputs));
  return 0;
}

function farewell(outputs: StackOutputs): string {
  const { port, username, pathname } = new URL(outputs.databaseUrl);
  return [
    `The changes, live:  ${outputs.feedUrl}   or  npm run watch`,
    `Kafka:              ${outputs.bootstrapServers}, topics ${outputs.topics.join(", ")}`,
    `Kafka Connect:      ${outputs.connectUrl}`,
    "",
    "Try next:",
    `  psql -h localhost -p ${port} -U ${username} ${pathname.slice(1)} -c "insert into customers (first_name) values ('you')"`,
    "  edit consumer/handler.ts, then npm start",
    "  npm stop",
  ].join("\n");
}

runMain(main);
