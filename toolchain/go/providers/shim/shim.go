// Package shim re-exports the Docker provider's constructor. It lives in an internal package there, which Go lets a
// path below the module's own name import.
package shim

import "github.com/terraform-providers/terraform-provider-docker/internal/provider"

// New makes the provider's factory for a release version.
var New = provider.New
