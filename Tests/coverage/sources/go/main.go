// Runs dynamic programs, itself and programs that fail, by raw system calls.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"sample/words"
)

func run(name string, arguments ...string) {
	output, err := exec.Command(name, arguments...).Output()
	fmt.Printf("%s%v\n", output, err)
}

func main() {
	if len(os.Args) > 1 {
		run("sh", "-c", "exit 7")
		err := syscall.Exec("/bin/echo", words.Fields("echo in place"), os.Environ())
		panic(err)
	}
	run("echo", "dynamic")
	run("sh", "-c", "echo inside | cat; exit 3")
	run(os.Args[0], "again")
	run("no-such-program")
	clean := exec.Command("/usr/bin/env")
	clean.Env = []string{}
	if err := clean.Run(); err != nil {
		panic(err)
	}
}
