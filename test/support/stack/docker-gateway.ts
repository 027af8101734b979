import { docker } from "../stack";

/**
 * This machine's address in Docker's own network: `172.17.0.1`. An engine that was started for the first time gives only the network (Docker
 * 20.10.24). The gateway is the first address in it.
 */
export async function dockerGateway(): Promise<string> {
  const format = "{{with index .IPAM.Config 0}}{{.Subnet}} {{.Gateway}}{{end}}";
  const [subnet = "", gateway] = (await docker("network", "inspect", "bridge", "--format", format)).trim().split(" ");
  return gateway || subnet.replace(/\.0\/\d+$/, ".1");
}
