// Package storage, left out: Google's storage, and with it the half of gRPC that only it needs.
package storage

// ScopeReadWrite is what the CLI asks of Google for a gs:// backend.
const ScopeReadWrite = "https://www.googleapis.com/auth/devstorage.read_write"
