# What one does twice. `make test` and `make demo` install what is missing and work offline the second time.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SWIFT ?= swift
# Two test cases at once: the end-to-end cases start processes of their own.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 2

.PHONY: help prerequisites oracles torture fuzz bench-preview bench-check bench-transfer build optimised system-tree test golden lint format demo bench clean
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /	/' | expand -t 16

prerequisites:
	@scripts/prerequisites.sh

build: prerequisites ## all programs, debug
	$(SWIFT) build

FORMATTED := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources Fuzzing/Package.swift Fuzzing/Sources

lint: ## formatting and package rules
	$(SWIFT) format lint --strict --recursive $(FORMATTED)

format: ## rewrite the sources in the project's format
	$(SWIFT) format --in-place --recursive $(FORMATTED)

system-tree: prerequisites ## a small Debian for the tests that reboot a machine; they are skipped where it cannot be made
	@scripts/systemd-tree.sh .build/systemd-tree || echo "The tests with a whole machine will be skipped." >&2

# Without the packages of slapd and nginx, or python-tuf, what needs them is left out, and the tests say so.
test: prerequisites lint system-tree ## everything that continuous integration runs
	-@scripts/oracles.sh
	-@scripts/python-tuf.sh
	$(MAKE) --no-print-directory optimised
	$(SWIFT) build --build-tests
	AADC_PROGRAMS=$(CURDIR)/.build/release AADC_ADSYNC_OBJECTS=50000 scripts/run-tests.sh $(SWIFT) test --skip-build --disable-xctest

# The optimiser finds what a debug build does not, in the compiler too.
optimised: prerequisites ## all programs, release
	$(SWIFT) build -c release

oracles: ## what Samba dumps, to compare the LDIF reader with: unpacked below .build/oracles, nothing installed
	scripts/oracles.sh --samba

torture: optimised ## what `make test` does smaller: the upgrade of an adsync server with 200,000 objects (minutes)
	$(SWIFT) build --build-tests
	AADC_PROGRAMS=$(CURDIR)/.build/release AADC_ADSYNC_OBJECTS=200000 $(SWIFT) test --skip-build --disable-xctest --filter AdsyncServerTests/large

demo: build ## the main job for real, below .demo/: upgrade, nothing to do, rollback, repair
	scripts/demo.sh

# OBJECTS: sizes of the directory; EXPORT: an exported configuration to time `check` with. docs/benchmarks.md has the figures.
OBJECTS ?= 10000,100000
bench: prerequisites ## what upgrades cost, measured below .bench/ (minutes to an hour)
	$(SWIFT) build -c release
	$(SWIFT) build -c release --package-path Benchmarks
	Benchmarks/.build/release/bench --objects $(OBJECTS) $(if $(EXPORT),--export $(EXPORT))

# OBJECTS as above, whole: 10000,100000,1000000. EXPORT: a real server's rules beside the default ones.
bench-preview: prerequisites ## what a full preview costs: objects per second and bytes per object, below .bench/ (minutes)
	$(SWIFT) build -c release --product adsync
	$(SWIFT) build -c release --product forest-generator
	Benchmarks/preview.sh .build/release .bench/preview $(OBJECTS) $(EXPORT)

# EXPORT: an exported configuration; COUNTS: sizes of folders of such.
COUNTS ?= 10,100,1000
bench-check: prerequisites ## what `check` costs on one export in each format and on many: below .bench/ (a minute)
	$(SWIFT) build -c release --product aadc-upgrade
	Benchmarks/check.sh .build/release .bench/check $(EXPORT) $(COUNTS)

# ROUNDS, MEGABYTES, LARGE, LEVEL, DISK and ONLY as Benchmarks/transfer.sh says. Installs the tools that are compared.
bench-transfer: prerequisites ## what fetching and activating a release costs, beside other tools: below .bench/ (minutes)
	for program in aadc-upgrade aadc-unpack aadc-publish; do $(SWIFT) build -c release --product $$program || exit; done
	Benchmarks/transfer.sh .build/release .bench/transfer

# SECONDS of each target; what it finds lies below Fuzzing/.build/found.
SECONDS ?= 60
fuzz: prerequisites ## libFuzzer on the unpacker, signed metadata, expressions, the LDIF reader, the rules' files and printed settings
	$(SWIFT) build -c release --package-path Fuzzing -Xswiftc -sanitize=fuzzer -Xswiftc -Xcc -Xswiftc -fsanitize=fuzzer-no-link
	scripts/fuzz.sh Fuzzing/.build $(SECONDS)

# A recording run fails on purpose, so that it cannot pass for a test.
golden: prerequisites ## write the recorded outputs anew: Tests/Golden/ and docs/upgrade-states.dot
	$(SWIFT) build --build-tests
	-AADC_RECORD=1 $(SWIFT) test --skip-build --disable-xctest --skip EndToEndTests >/dev/null 2>&1
	git status --short Tests/Golden docs

clean:
	rm -rf .build .demo .bench Benchmarks/.build Fuzzing/.build
