// Package azureblob, left out: Azure's storage as a backend (azblob://). A local backend never calls it.
package azureblob

import (
	"context"
	"errors"
	"net/url"

	"gocloud.dev/blob"
)

// Scheme is what the CLI compares a backend's address with.
const Scheme = "azblob"

// ServiceURLOptions has no field that the CLI sets.
type ServiceURLOptions struct{}

// NewDefaultServiceURLOptions reads nothing.
func NewDefaultServiceURLOptions() *ServiceURLOptions { return &ServiceURLOptions{} }

// NewDefaultClient is named by the CLI, and never called.
func NewDefaultClient() {}

// URLOpener refuses.
type URLOpener struct {
	MakeClient        func()
	ServiceURLOptions ServiceURLOptions
}

// OpenBucketURL says that this CLI has no such backend.
func (*URLOpener) OpenBucketURL(context.Context, *url.URL) (*blob.Bucket, error) {
	return nil, errors.New("this Pulumi CLI was built without azblob:// backends; take a release of Pulumi's")
}
