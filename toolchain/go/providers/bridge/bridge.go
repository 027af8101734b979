// Package bridge serves a Terraform provider as a Pulumi resource plugin, with the tokens of the npm SDK that uses it.
package bridge

import (
	"encoding/json"
	"fmt"
	"os"
	"unicode"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Version is that of the npm SDK, since the engine asks for it. Set with -ldflags "-X".
var Version = "0.0.0"

// Resource gives a Terraform resource the token that the SDKs use: `docker:index/container:Container`.
func Resource(pkg, name string) tokens.Type {
	return tokens.Type(pkg + ":index/" + lowerFirst(name) + ":" + name)
}

// DataSource gives a Terraform data source its token: `docker:index/getNetwork:getNetwork`.
func DataSource(pkg, name string) tokens.ModuleMember {
	return tokens.ModuleMember(pkg + ":index/" + name + ":" + name)
}

// Serve answers the engine until it hangs up. The schema names no resource: `pulumi up` reads none, and making one needs
// the generators of all of Pulumi's languages, a third of what there was to compile. `pulumi import` is what misses it:
// it imports, and writes no code.
func Serve(info tfbridge.ProviderInfo) {
	info.Version = Version
	info.MetadataInfo = tfbridge.NewProviderMetadata([]byte("{}"))
	schema, err := json.Marshal(map[string]string{"name": info.Name, "version": Version})
	if err != nil {
		fmt.Fprintf(os.Stderr, "plugin %s: cannot make its schema: %v\n", info.Name, err)
		os.Exit(1)
	}
	tfbridge.Main(info.Name, Version, info, schema)
}

func lowerFirst(name string) string {
	runes := []rune(name)
	runes[0] = unicode.ToLower(runes[0])
	return string(runes)
}
