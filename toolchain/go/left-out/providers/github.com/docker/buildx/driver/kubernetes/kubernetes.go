// Package kubernetes, left out: builders of images in Kubernetes, a quarter of what the Docker plugin would compile. Its real
// code is imported for its registration alone.
package kubernetes
