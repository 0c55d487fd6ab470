# cmdmox: `make help` lists the targets.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
CONFIGURATION ?= release
FIXTURE ?= cmdmox.json

swift_sources = Package.swift Plugins Sources Tests
c_sources = $(shell find CInterpose Bench Sources Tests -name '*.[ch]' -o -name '*.cpp')
shell_sources = .ci/run $(shell find CInterpose scripts -name '*.sh')

# Below share/, where the shells look for them.
completions = bash-completion/completions/cmdmox zsh/site-functions/_cmdmox fish/vendor_completions.d/cmdmox.fish

# What the tool and the library run beside the user's programs.
programs = cmdmox-shim cmdmox-deep cmdmox-look

# Where the build-tool plugin has left what runs inside other programs' processes. For the shell: make
# would look before the build.
interpose = $$(ls -td .build/plugins/outputs/*/CmdMox/destination/BuildInterpose | head -1)

.PHONY: help
help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: build
build: ## Builds everything and lays it out in build/
	@scripts/require.sh build
	$(SWIFT) build -c $(CONFIGURATION) --static-swift-stdlib --product cmdmox -Xlinker -s
	@install -D -m 755 "$$($(SWIFT) build -c $(CONFIGURATION) --static-swift-stdlib --show-bin-path)/cmdmox" build/bin/cmdmox
	$(SWIFT) build -c $(CONFIGURATION) --static-swift-stdlib --product cmdmox-look -Xlinker -s
	@install -D -m 755 "$$($(SWIFT) build -c $(CONFIGURATION) --static-swift-stdlib --show-bin-path)/cmdmox-look" build/libexec/cmdmox/cmdmox-look
	@install -D -m 644 "$(interpose)/libcmdmox.so" build/lib/libcmdmox.so
	@scripts/preload-folder.sh install "$(interpose)" build/lib
	@install -D -m 755 -t build/libexec/cmdmox "$(interpose)/cmdmox-shim" "$(interpose)/cmdmox-deep"
	@$(MAKE) --no-print-directory completions
	@echo "built build/bin/cmdmox, build/lib/libcmdmox.so and build/libexec/cmdmox/"

# Of the tool that is in build/ already.
.PHONY: completions
completions:
	@mkdir -p build/share/bash-completion/completions build/share/zsh/site-functions build/share/fish/vendor_completions.d
	@build/bin/cmdmox --generate-completion-script bash > build/share/bash-completion/completions/cmdmox
	@build/bin/cmdmox --generate-completion-script zsh > build/share/zsh/site-functions/_cmdmox
	@build/bin/cmdmox --generate-completion-script fish > build/share/fish/vendor_completions.d/cmdmox.fish

.PHONY: install
install: ## Installs below PREFIX (and DESTDIR); `make build` first
	install -D -m 755 build/bin/cmdmox "$(DESTDIR)$(PREFIX)/bin/cmdmox"
	install -D -m 644 build/lib/libcmdmox.so "$(DESTDIR)$(PREFIX)/lib/libcmdmox.so"
	@scripts/preload-folder.sh install build/lib "$(DESTDIR)$(PREFIX)/lib"
	install -D -m 755 -t "$(DESTDIR)$(PREFIX)/libexec/cmdmox" $(addprefix build/libexec/cmdmox/,$(programs))
	for file in $(completions); do install -D -m 644 "build/share/$$file" "$(DESTDIR)$(PREFIX)/share/$$file" || exit; done
	install -D -m 644 -t "$(DESTDIR)$(PREFIX)/share/man/man1" docs/man/*.1

.PHONY: uninstall
uninstall: ## Takes away what `make install` put below PREFIX
	rm -f "$(DESTDIR)$(PREFIX)/bin/cmdmox" "$(DESTDIR)$(PREFIX)/lib/libcmdmox.so"
	@scripts/preload-folder.sh uninstall "$(DESTDIR)$(PREFIX)/lib"
	for program in $(programs); do rm -f "$(DESTDIR)$(PREFIX)/libexec/cmdmox/$$program"; done
	for file in $(completions); do rm -f "$(DESTDIR)$(PREFIX)/share/$$file"; done
	for file in docs/man/*.1; do rm -f "$(DESTDIR)$(PREFIX)/share/man/man1/$${file##*/}"; done
	-rmdir "$(DESTDIR)$(PREFIX)/libexec/cmdmox"

.PHONY: man
man: ## Makes the man pages in docs/man anew, of what the tool says of itself
	@mkdir -p docs/man build/man
	$(SWIFT) package --allow-writing-to-directory build/man generate-manual --multi-page \
	  --output-directory build/man
	rm -f docs/man/*.1 && cp build/man/cmdmox*.1 docs/man/
	rm -f docs/man/cmdmox.recorder.1 # for the preload only

.PHONY: demo
demo: ## Sets up, builds, records a real build and shows what ran
	@scripts/require.sh demo
	@$(MAKE) --no-print-directory build
	@scripts/demo.sh

.PHONY: test
test: ## Sets up, builds and passes the tests
	@scripts/require.sh test
	@$(MAKE) --no-print-directory test-sanitized test-shim test-faults
	$(SWIFT) test

.PHONY: test-sanitized
test-sanitized: ## The pure C under AddressSanitizer and UndefinedBehaviorSanitizer
	@mkdir -p build/sanitized
	cc -std=gnu11 -g -O1 -Wall -Wextra -Werror -fsanitize=address,undefined \
	  -fno-sanitize-recover=all -ICInterpose/wire/include \
	  -o build/sanitized/wire_test Tests/CWire/wire_test.c CInterpose/wire/*.c
	build/sanitized/wire_test

.PHONY: test-threads
test-threads: ## The library's tests under ThreadSanitizer
	@scripts/require.sh test
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan --filter '^CmdMoxTests'

.PHONY: test-shim
test-shim: ## The stand-in alone, with a controller of the tests' own
	@mkdir -p build/check && CInterpose/build.sh "$$PWD/build/check"
	python3 Tests/Shim/run.py build/check/cmdmox-shim

.PHONY: test-faults
test-faults: build ## A few faults on purpose of each kind
	python3 Tests/faults/run.py --seed 1 --rounds 2 --quick

.PHONY: faults
faults: build ## Faults on purpose, ROUNDS=200 of each kind, SEED=1; docs/faults.md
	@scripts/require.sh faults
	python3 Tests/faults/run.py --seed $(SEED) --rounds $(ROUNDS)

.PHONY: test-spark
test-spark: ## The documentation's queries on Spark; gets 400 MB from PyPI, needs Java 17
	@scripts/require.sh spark
	$(SWIFT) test --filter QueryTests

.PHONY: lint
lint: ## Checks the sources and the built library
	@scripts/require.sh lint
	$(SWIFT) format lint --strict --recursive $(swift_sources)
	shellcheck $(shell_sources)
	clang -std=gnu11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -ICInterpose/wire/include \
	  -ICInterpose/bare CInterpose/wire/*.c CInterpose/bare/*.c CInterpose/preload/*.c \
	  CInterpose/shim/*.c CInterpose/deep/*.c Bench/*.c
	clang -std=gnu11 -fsyntax-only -Wall -Wextra -Werror -ICInterpose/wire/include \
	  -ISources/KernelCalls/include -ISources/ExecWatch/include Sources/KernelCalls/*.c Sources/ExecWatch/*.c
	clang++ -std=c++17 -fsyntax-only -Wall -Wextra -Werror -ISources/ConfigurationText/include \
	  Sources/ConfigurationText/*.cpp
	@mkdir -p build/check && CInterpose/build.sh "$$PWD/build/check"
	CInterpose/check.sh build/check/libcmdmox.so build/check/cmdmox-shim build/check/cmdmox-deep

.PHONY: check-fmt
check-fmt: ## Fails if a source file is not formatted
	@scripts/require.sh lint
	@clang-format --dry-run --Werror $(c_sources)
	@scripts/check-fmt.sh $(swift_sources)

.PHONY: fmt
fmt: ## Formats the sources in place
	clang-format -i $(c_sources)
	$(SWIFT) format --in-place --recursive $(swift_sources)

.PHONY: typecheck
typecheck: ## Compiles everything; Package.swift makes warnings errors
	@scripts/require.sh build
	$(SWIFT) build --build-tests
	CMDMOX_LIBFUZZER=none $(SWIFT) build --target FuzzTargets
	$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -ICInterpose/wire/include \
	  -ICInterpose/bare -ICInterpose/shim Tests/Fuzz/C/*.c
	$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -ICInterpose/wire/include \
	  -ICInterpose/bare -ICInterpose/preload Tests/Load/*.c Tests/faults/programs/*.c
	python3 -m compileall -q Tests

.PHONY: coverage-check
coverage-check: build ## Compares what was recorded with what strace saw
	@scripts/require.sh test
	python3 Tests/coverage/compare.py --tool build/bin/cmdmox

# How long each target of `make fuzz` runs; 0: the committed corpus, once.
SECONDS ?= 60
SEED ?= 1
ROUNDS ?= 200

.PHONY: fuzz
fuzz: ## Fuzzes what takes bytes from outside, SECONDS=60 each; docs/fuzzing.md
	@scripts/require.sh fuzz
	python3 Tests/Fuzz/run.py --seconds $(SECONDS) --seed $(SEED)

.PHONY: load
load: build ## Large, long and crowded sessions: fails where anything is lost; docs/limits.md
	@scripts/require.sh load
	python3 Tests/Load/run.py --tool build/bin/cmdmox

# Long, and in need of a network the first time: no part of `test`. What cannot be had is skipped.
.PHONY: transparency
transparency: build ## Runs test suites of others with and without us; ONLY="tcl git" picks some
	@scripts/require.sh transparency || true
	python3 Tests/transparency/run.py --tool build/bin/cmdmox $(ONLY:%=--only %) \
	  --markdown build/transparency.md

.PHONY: completeness
completeness: build ## Compares with strace on real builds and on suites of others; ONLY="go cargo"
	@scripts/require.sh completeness || true
	python3 Tests/coverage/completeness.py --tool build/bin/cmdmox $(ONLY:%=--only %) \
	  --markdown build/completeness.md

.PHONY: bench
bench: build ## Measures; ratios within one run, also in build/bench.json
	@scripts/require.sh bench
	Bench/run.py --output build/bench.json

.PHONY: clean
clean: ## Takes away what was built
	rm -rf build .build
