//go:build tools

// Package tools pins the CLI as a dependency of this module, so that `go mod tidy` keeps its checksums.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
