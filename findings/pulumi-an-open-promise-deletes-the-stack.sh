#!/usr/bin/env bash
# Package:  @pulumi/pulumi 3.276.0 (npm), under the Pulumi CLI 3.274.1 with the language host for Node (Go modules of the same project).
# Input:    a program that is an async function and declares two resources. In some runs a promise that it awaits stays open: that of one resource's
#           property, that of a callback of `apply` which declares a resource, or one before all resources. Nothing keeps Node running then, and it ends with 0.
# Guess:    the `up` fails and changes nothing. The SDK looks for open promises when the process ends, and says so where a resource waits for one.
# Found:    that look knows the promises of resources alone. Where one resource waits for the promise, the `up` fails with "the program exited before
#           the following resource registrations could complete". Where the program waits, or a callback of `apply` that declares a resource, the engine
#           takes what was declared for all there is: it deletes every other resource, and the `up` ends with 0. Before the first resource that is the whole stack.
# Way out:  a listener of "beforeExit" that sets process.exitCode while the program's own promise is open; `protect` on what holds data.
# Needs Node 20 or newer. Takes a `pulumi` 3.274.1 from PATH, or builds it, which takes minutes and Go 1.26. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
if [ "$(pulumi version 2> /dev/null | tr -d v)" != 3.274.1 ]; then
  mkdir cli host bin
  export GOFLAGS=-mod=mod GOBIN=$work/bin
  (
    cd cli
    printf 'module look\n\ngo 1.26\n' > go.mod
    printf '//go:build tools\n\npackage look\n\nimport _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"\n' > tools.go
    go get github.com/pulumi/pulumi/pkg/v3@v3.274.1 github.com/pulumi/pulumi/sdk/v3@v3.274.1
    go install -ldflags '-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.274.1' github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
  ) > cli.log 2>&1 || { tail -20 cli.log; exit 1; }
  (
    cd host
    printf 'module look\n\ngo 1.26\n' > go.mod
    printf '//go:build tools\n\npackage look\n\nimport _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"\n' > tools.go
    go get github.com/pulumi/pulumi/sdk/v3@v3.68.0
    go install github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs
  ) > host.log 2>&1 || { tail -20 host.log; exit 1; }
  # What the CLI's archive has beside it, for resources whose provider is in the program.
  printf '#!/usr/bin/env bash\nexec node ./node_modules/@pulumi/pulumi/cmd/dynamic-provider "$@"\n' > bin/pulumi-resource-pulumi-nodejs
  chmod +x bin/pulumi-resource-pulumi-nodejs
  export PATH=$work/bin:$PATH
fi
export PULUMI_HOME=$work/home PULUMI_CONFIG_PASSPHRASE= PULUMI_SKIP_UPDATE_CHECK=1
mkdir project state
cd project
cat > Pulumi.yaml <<YAML
name: look
runtime:
  name: nodejs
  options:
    typescript: false
backend:
  url: file://$work/state
YAML
cat > package.json <<'JSON'
{ "name": "look", "private": true, "main": "index.js" }
JSON
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.276.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > index.js <<'JS'
const pulumi = require("@pulumi/pulumi");

class Provider {
  async create(inputs) {
    return { id: inputs.name, outs: inputs };
  }
}
class Volume extends pulumi.dynamic.Resource {
  constructor(name, props) {
    super(new Provider(), name, { name, ...props });
  }
}
const answer = (who) => (process.env.SILENT === who ? new Promise(() => {}) : Promise.resolve(1));

module.exports = async () => {
  await answer("program");
  new Volume("orders", { size: pulumi.output(answer("resource")) });
  pulumi.output(1).apply(async () => {
    await answer("callback");
    new Volume("customers", {});
  });
};
JS
pulumi stack init look > /dev/null 2>&1
up() {
  local code=0
  SILENT=$1 pulumi up --yes --skip-preview --non-interactive > up.log 2>&1 || code=$?
  [ "$1" = resource ] && grep -o 'the program exited before the following resource' up.log | head -1
  # As in "orders customers".
  left=$(pulumi stack --show-urns 2> /dev/null | grep -o 'Resource::[a-z]*' | cut -d: -f3 | sort | tr '\n' ' ' || true)
  echo "silent: $1; ends with $code; left: $left"
}
{
  up nobody
  up resource
  up callback
  up nobody
  up program
} | tee seen
diff seen - <<'SEEN' || { echo "changed: an open promise of a program has another end"; exit 1; }
silent: nobody; ends with 0; left: customers orders 
the program exited before the following resource
silent: resource; ends with 1; left: customers orders 
silent: callback; ends with 0; left: orders 
silent: nobody; ends with 0; left: customers orders 
silent: program; ends with 0; left: 
SEEN
echo "as described"
