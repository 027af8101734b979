// Package bridge serves a Terraform provider as a Pulumi resource plugin, with the tokens of the npm SDK that uses it.
package bridge

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"unicode"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
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

// Serve makes the schema at start and answers the engine until it hangs up.
func Serve(info tfbridge.ProviderInfo) {
	info.Version = Version
	info.MetadataInfo = tfbridge.NewProviderMetadata([]byte("{}"))
	sink := diag.DefaultSink(io.Discard, io.Discard, diag.FormatOptions{Color: colors.Never})
	schema, err := tfgen.GenerateSchema(info, sink)
	if err != nil {
		fail(info.Name, err)
	}
	text, err := json.Marshal(schema)
	if err != nil {
		fail(info.Name, err)
	}
	tfbridge.Main(info.Name, Version, info, text)
}

func fail(name string, err error) {
	fmt.Fprintf(os.Stderr, "plugin %s: cannot make its schema: %v\n", name, err)
	os.Exit(1)
}

func lowerFirst(name string) string {
	runes := []rune(name)
	runes[0] = unicode.ToLower(runes[0])
	return string(runes)
}
