# The commands of the project. `make run` and `make test` install what they miss (apt) on a bare Debian 12.
SHELL := /bin/bash
.DEFAULT_GOAL := help
HOME_FOLDER ?= pleiade-home
export CCACHE_DIR ?= $(HOME)/.cache/ccache
# The same file compiles to the same object in any clone, with precompiled headers too.
export CCACHE_BASEDIR := $(abspath $(CURDIR)/..)
export CCACHE_NOHASHDIR := true
export CCACHE_SLOPPINESS := pch_defines,time_macros,include_file_mtime,include_file_ctime
export OMP_THREAD_LIMIT := 1

.PHONY: help build run test test-build accept test-faults test-web screenshots web-tools bench tidy tsan format clean setup-build setup-test

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup-build:
	@deploy/setup/install.sh build
setup-test:
	@deploy/setup/install.sh build test

build: setup-build ## the release programs, in build/release/bin
	@cmake --preset release >build-release.log 2>&1 || { cat build-release.log; exit 1; }; rm -f build-release.log
	@cmake --build --preset release

run: build ## everything on this machine, fed with sample mail; ARGS="--exit-when-idle" stops by itself
	@deploy/setup/run.sh "$(HOME_FOLDER)" $(ARGS)

test-build: setup-test web-tools
	@cmake --preset dev >build-dev.log 2>&1 || { cat build-dev.log; exit 1; }; rm -f build-dev.log
	@cmake --build --preset dev

test: test-build ## all tests, with AddressSanitizer and UBSan
	@ctest --preset dev -j2

accept: build test-build ## the full figures of the issues, printed last
	@tests/accept/accept.sh

test-faults: build ## the chain under kills, power losses, full disks, planted bugs: everything, in build/faults
	@cmake --preset faults >build-faults.log 2>&1 || { cat build-faults.log; exit 1; }; rm -f build-faults.log
	@cmake --build --preset faults --target pleiade-faults pleiade-stub-reader pleiade-hub pleiade-ingest pleiade-router pleiade-gateway
	@tests/faults/faults.sh

test-web: build setup-test web-tools ## the operators' application in a real browser, by keyboard, with axe; screenshots in build/web-shots
	@cmake --preset dev >/dev/null
	@cmake --build --preset dev --target fake_gateway
	@node tests/web/run.mjs

screenshots: setup-build web-tools ## every screen over invented mail, into docs/screens (FOLDER=... for another)
	@node tests/web/shots.mjs $(FOLDER)

# A browser, and what drives it: tests/web/node_modules.
web-tools:
	@deploy/setup/install.sh web
	@tests/web/install.sh

bench: build setup-test ## speed and memory, with the machine and the peer's figure
	@build/release/bin/pleiade bench flow
	@deploy/setup/install.sh bench
	@build/release/bin/pleiade bench read --out build/bench
	@build/release/bin/pleiade bench read --stratified 30 --runs 1 --out build/bench/stratified
	@build/release/bin/pleiade-live-bench
	@build/release/bin/pleiade-store-bench --folder build/bulk-store

tidy: setup-test ## clang-tidy over every file of ours
	@cmake --preset tidy >/dev/null
	@cmake --build --preset tidy --target pleiade_proto
	@git ls-files 'common/*.cpp' 'services/*.cpp' | xargs -P2 -n4 clang-tidy -p build/tidy --quiet

tsan: setup-test ## the tests of threads, with ThreadSanitizer
	@cmake --preset tsan >/dev/null
	@cmake --build --preset tsan
	@ctest --preset tsan -L threads

format: ## formats every file of ours
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i

clean:
	rm -rf build
