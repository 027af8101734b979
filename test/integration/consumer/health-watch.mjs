// Asks `/healthz` again and again, in a thread of its own. The test's thread is busy with the changes of 20 clients, and would measure itself.
import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";

const { url, everyMs } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const times = [];
let done = false;
parentPort.once("message", () => (done = true));

const answer = () =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume().once("end", () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`/healthz is ${response.statusCode}`));
      });
    });
    request.once("error", reject);
  });

while (!done) {
  const began = performance.now();
  await answer();
  times.push(performance.now() - began);
  await sleep(everyMs);
}
agent.destroy();
parentPort.postMessage(times);
