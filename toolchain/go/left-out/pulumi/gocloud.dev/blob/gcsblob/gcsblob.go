// Package gcsblob, left out: Google's storage as a backend (gs://). A local backend never calls it.
package gcsblob

import (
	"context"
	"errors"
	"net/url"

	"gocloud.dev/blob"
	"gocloud.dev/gcp"
)

// Scheme is what the CLI compares a backend's address with.
const Scheme = "gs"

// Options are those that the CLI sets.
type Options struct {
	GoogleAccessID string
	PrivateKey     []byte
}

// URLOpener refuses.
type URLOpener struct {
	Client  *gcp.HTTPClient
	Options Options
}

// OpenBucketURL says that this CLI has no such backend.
func (*URLOpener) OpenBucketURL(context.Context, *url.URL) (*blob.Bucket, error) {
	return nil, errors.New("this Pulumi CLI was built without gs:// backends; take a release of Pulumi's")
}
