import { docker } from "../stack";

/**
 * This machine in Docker's own network: `172.17.0.1`. An engine that has been started for the first time names the network alone
 * (Docker 20.10.24); the gateway is the first address in it.
 */
export async function dockerGateway(): Promise<string> {
  const format = "{{with index .IPAM.Config 0}}{{.Subnet}} {{.Gateway}}{{end}}";
  const [subnet = "", gateway] = (await docker("network", "inspect", "bridge", "--format", format)).trim().split(" ");
  return gateway || subnet.replace(/\.0\/\d+$/, ".1");
}
