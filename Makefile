# intentbatch: make help
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The build checks which room imports which; a manifest that is cached would not see a new folder.
BUILD_FLAGS := --explicit-target-dependency-import-check error
RELEASE_PATH := .build-release
# Few rooms, so each builds in seconds; folders of their own, because they are release builds.
SIM_PATH := .build-sim
MUTANTS_PATH := .build-mutants
SEEDS ?= 20000
PREFIX ?= /usr/local
# As it is installed; the benchmarks measure the same build.
RELEASE_BUILD := swift build -c release --static-swift-stdlib --scratch-path $(RELEASE_PATH)
BENCH = python3 Benchmarks/bench.py --binary $(RELEASE_PATH)/release/intentbatch \
  --bare-client $(RELEASE_PATH)/release/BareClient --peers .build-bench \
  $(if $(ONLY),--only $(ONLY)) $(if $(PAIRS),--pairs $(PAIRS)) $(if $(SCALE),--scale $(SCALE))
DEBUG_BIN := .build/debug/intentbatch
FAULT_EXPERIMENTS := .build/debug/FaultExperiments

.PHONY: help deps build demo fuzz test sim mutants problems faults quotas bench bench-check bench-build lint install

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

deps: ## Install libsqlite3-dev and zlib1g-dev when they are missing (root), or print the command
	@missing=""; \
	for package in libsqlite3-dev zlib1g-dev; do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then \
	    echo "installing$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq$$missing >/dev/null; \
	  else \
	    echo "missing packages; run: sudo apt-get install -y$$missing" >&2; exit 1; \
	  fi; \
	fi

build: deps ## Build for debugging (demo and test share this build)
	@[ -x $(DEBUG_BIN) ] || echo "first build: the dependencies take about 7 minutes on 2 cores, once"
	swift build $(BUILD_FLAGS) --build-tests

demo: build ## Run a real file against an embedded UseePay sandbox, kill it half way, resume it
	@scripts/demo.sh $(DEBUG_BIN)

fuzz: deps ## Fuzz the readers, each for TIME seconds (default 60)
	@scripts/fuzz.sh $(or $(TIME),60)

# Those that time sockets and processes run apart from those that need all of the processor.
test: build ## Run all tests
	swift test $(BUILD_FLAGS) --skip-build --skip '(Sandbox|Gateways|Process)Tests\.'
	swift test $(BUILD_FLAGS) --skip-build --filter '(Sandbox|Gateways)Tests\.'
	swift test $(BUILD_FLAGS) --skip-build --filter 'ProcessTests\.'

sim: ## Simulate SEEDS=20000 runs under faults and crashes, or replay one: SEED=…
	swift build $(BUILD_FLAGS) -c release --product Simulation --scratch-path $(SIM_PATH)
	@$(SIM_PATH)/release/Simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

mutants: ## Plant bugs one by one and let the simulation find each
	swift build $(BUILD_FLAGS) -c release --product Simulation --scratch-path $(MUTANTS_PATH) -Xswiftc -DMUTANTS
	@scripts/mutants.sh $(MUTANTS_PATH)/release/Simulation

problems: build ## Write docs/problems.md anew from the code
	REWRITE_PROBLEMS=1 swift test $(BUILD_FLAGS) --skip-build --filter ProblemPageTests

lint: ## Check the format of every source file
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz Benchmarks

faults: build ## Kill, starve and race the real binary (ONLY=kills,races QUICK=1 SEED=7; LIST=1 names them all)
	@command -v strace >/dev/null || if [ "$$(id -u)" = 0 ]; then \
	  echo "installing strace"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq strace >/dev/null; \
	else \
	  echo "without strace some experiments are left out; run: sudo apt-get install -y strace" >&2; \
	fi
	@$(FAULT_EXPERIMENTS) --binary "$(CURDIR)/$(DEBUG_BIN)" $(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(QUICK),--quick) $(if $(LIST),--list)

quotas: build ## Audit the limits: a million calls on virtual time, then several processes, a storm of 429, an outage (SEED=7)
	CALLS_A_SEED=50000 swift test $(BUILD_FLAGS) --skip-build --filter CallBookTests
	@$(MAKE) --no-print-directory faults ONLY=quotas

bench: bench-build ## Measure it beside polars, DuckDB, sqlite3, aiohttp (PAIRS=5 ONLY=B1,B4 SCALE=0.1); writes Benchmarks/RESULTS.md
	@$(BENCH)

bench-check: bench-build ## The same, and fail when a threshold of Benchmarks/thresholds.json is missed
	@$(BENCH) --check

bench-build: deps
	$(RELEASE_BUILD) --product intentbatch
	$(RELEASE_BUILD) --product BareClient

install: deps ## Build a release and install it below PREFIX (default /usr/local)
	$(RELEASE_BUILD) --product intentbatch
	install -D -m 0755 -s $(RELEASE_PATH)/release/intentbatch $(DESTDIR)$(PREFIX)/bin/intentbatch
	@echo "installed $(DESTDIR)$(PREFIX)/bin/intentbatch"
