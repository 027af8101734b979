// Package gcpkms, left out: secrets encrypted by Google's KMS (gcpkms://). A stack with a passphrase never calls it.
package gcpkms

import (
	"context"
	"errors"
	"net/url"

	"gocloud.dev/gcp"
	"gocloud.dev/secrets"
)

// Scheme is what the CLI compares a secrets provider's address with.
const Scheme = "gcpkms"

var errLeftOut = errors.New("this Pulumi CLI was built without gcpkms:// secrets; take a release of Pulumi's")

// Dial says that this CLI has no such secrets.
func Dial(context.Context, gcp.TokenSource) (any, func(), error) { return nil, func() {}, errLeftOut }

// URLOpener refuses.
type URLOpener struct{ Client any }

// OpenKeeperURL says that this CLI has no such secrets.
func (*URLOpener) OpenKeeperURL(context.Context, *url.URL) (*secrets.Keeper, error) {
	return nil, errLeftOut
}
