// Package hashivault, left out: secrets encrypted by Vault (hashivault://). Its real code is imported for its registration alone.
package hashivault
