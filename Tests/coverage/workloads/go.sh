#!/bin/sh
# What the go command starts: static programs that start static programs by raw system calls.
set -e
export GOFLAGS=-mod=mod GO111MODULE=on GOPROXY=off GOPATH="$PWD/path" GOCACHE="$PWD/cache"
mkdir -p module/inner && cd module
cat >go.mod <<'END'
module example.org/module

go 1.19
END
cat >inner/inner.go <<'END'
package inner

// Double is twice n.
func Double(n int) int { return 2 * n }
END
cat >inner/inner_test.go <<'END'
package inner

import (
	"os/exec"
	"testing"
)

func TestDouble(t *testing.T) {
	if Double(2) != 4 {
		t.Fatal("not twice")
	}
	if err := exec.Command("sh", "-c", "exit 3").Run(); err == nil {
		t.Fatal("no status")
	}
}
END
cat >main.go <<'END'
package main

import (
	"fmt"
	"os"
	"os/exec"

	"example.org/module/inner"
)

//go:generate sh -c "echo generated >generated.txt"

func main() {
	out, err := exec.Command("/bin/echo", fmt.Sprint(inner.Double(21))).Output()
	if err != nil || len(os.Args) > 1 {
		os.Exit(5)
	}
	os.Stdout.Write(out)
}
END
cat >c.go <<'END'
package main

// int answer(void) { return 42; }
import "C"

var _ = C.answer
END
go generate ./...
go vet ./inner
CGO_ENABLED=0 go build -o static ./inner ./... 2>/dev/null || CGO_ENABLED=0 go build -o static .
./static
go build -o dynamic .
./dynamic
go test ./inner >/dev/null
go run . fails >/dev/null 2>&1 || true
exit 6
