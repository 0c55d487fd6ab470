// Package words splits lines.
package words

import "strings"

// Fields gives the words of a line.
func Fields(line string) []string {
	return strings.Fields(line)
}
