// Package s3, left out: S3 as a backend (s3://).
package s3

// CopyObjectInput is what the CLI looks for in a copy; a local backend has none.
type CopyObjectInput struct {
	CopySource *string
}
