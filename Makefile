# The commands that people and machines use. Needs Go and make, nothing else.

GO      ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
BIN     := bin/hailong
WIRE    := bin/mongowire
# The race detector needs a C compiler; without one the tests run plain.
RACE    := $(shell command -v cc >/dev/null 2>&1 && [ "$$($(GO) env CGO_ENABLED)" = 1 ] && echo -race)

.PHONY: run help build test check bench bench-stats pages vet wire long clean

run: build ## start the demo province on loopback, with the embedded store in ./data
	$(BIN) serve --data data --keys data-keys/keys.json --demo

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST)

build: ## build bin/hailong
	$(GO) build -trimpath -ldflags '-X main.version=$(VERSION)' -o $(BIN) ./cmd/hailong

wire: ## build the MongoDB wire server that the contract tests talk to
	CGO_ENABLED=0 $(GO) build -C store/mongostore/wire -o $(CURDIR)/$(WIRE) .

test: wire ## every test; what is missing on this machine is skipped by name, and required with HAILONG_CI=1
	HAILONG_MONGO_WIRE=$(CURDIR)/$(WIRE) $(GO) test $(RACE) -timeout 30m ./...

vet:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo 'run gofmt -w on the files above'; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify >/dev/null
	cd store/mongostore/wire && $(GO) vet ./...

check: vet test ## the gate of every commit

long: ## simulations of coverage and of inclusion probabilities: minutes, not seconds
	$(GO) test -tags long -timeout 60m ./sampling/... ./stats/...

bench: build ## speed and size, beside a bare handler in the same run
	$(GO) run ./bench

bench-stats: build ## estimates beside R on the same files: minutes; needs Rscript with the survey package
	$(GO) run ./bench/estimates
	$(GO) test -run '^$$' -bench 'Tally|Dashboard|Observe|Columns' ./stats ./stats/spec

pages: build ## serve every page with canned data and no database
	$(BIN) pages

clean: ## remove what was built, and keep the data
	rm -rf bin out
