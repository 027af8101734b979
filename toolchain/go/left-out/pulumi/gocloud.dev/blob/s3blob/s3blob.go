// Package s3blob, left out: S3 as a backend (s3://). Its real code is imported for its registration alone.
package s3blob
