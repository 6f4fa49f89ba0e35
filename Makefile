# alertgate. `make help` lists what can be made.

DESTDIR ?=
PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SWIFT ?= swift

.DEFAULT_GOAL := help
.PHONY: help run build release test soak fuzz sanitize bench bench-counts lint format install deb clean docs

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## Build, make ./run/alertgate.db with a first key and token, and serve on http://127.0.0.1:8080
	@SWIFT=$(SWIFT) scripts/run

build: ## Build for development
	@scripts/require build
	$(SWIFT) build

release: ## Build what `make install` installs
	@scripts/require build
	ALERTGATE_COMMIT="$$(scripts/commit)" $(SWIFT) build -c release --product alertgate -Xswiftc -static-stdlib

test: ## Prepare the machine, lint, build, and run every test
	@SWIFT=$(SWIFT) scripts/test

soak: ## Every test of faults and hostile clients, for long: hours rather than minutes
	@scripts/require build test
	$(SWIFT) build --build-tests
	ALERTGATE_KILL_ROUNDS=300 $(SWIFT) test --skip-build --filter '^EndToEndTests\.EndToEnd/KillTests'
	ALERTGATE_SOAK=1 $(SWIFT) test --skip-build --filter '^FaultTests\.'
	ALERTGATE_SOAK=1 $(SWIFT) test --skip-build --filter 'RetentionPropertyTests|FoldTablesTests'

fuzz: ## Feed the parsers with mutated bodies under libFuzzer for a minute (SECONDS=)
	@scripts/fuzz $(or $(SECONDS),60)

sanitize: ## Every test but those that start programs, under the address sanitizer
	@SWIFT=$(SWIFT) scripts/sanitize

bench: ## Measure beside limits and peers, and write docs/benchmarks (BENCH_QUICK=1: short form)
	@SWIFT=$(SWIFT) scripts/bench speed

bench-counts: ## Count instructions and allocations per event; fails where they grew (ACCEPT=1 takes the new ones)
	@SWIFT=$(SWIFT) scripts/bench counts

docs: ## Make docs/schema.md anew from the schema
	UPDATE_DOCS=1 $(SWIFT) test --filter schemaDocumentIsUpToDate

lint: ## Check the format of the sources
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests migrations Benchmarks/Package.swift Benchmarks/Sources Fuzz

format: ## Format the sources
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests migrations Benchmarks/Package.swift Benchmarks/Sources Fuzz

install: ## Install the release build, its units and its settings (DESTDIR=, PREFIX=/usr/local, SYSCONFDIR=/etc)
	@DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' SYSCONFDIR='$(SYSCONFDIR)' UNITDIR='$(UNITDIR)' SWIFT='$(SWIFT)' scripts/install

deb: release ## Make a Debian package in .build/deb
	@scripts/require deb
	@scripts/deb

clean: ## Remove what was built; ./run with its database stays
	$(SWIFT) package clean
