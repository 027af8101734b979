// Package azurekeyvault, left out: secrets encrypted by Azure's key vault (azurekeyvault://). Its real code is imported for its registration alone.
package azurekeyvault
