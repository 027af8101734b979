// Package awskms, left out: secrets encrypted by AWS KMS (awskms://). Its real code is imported for its registration alone.
package awskms
