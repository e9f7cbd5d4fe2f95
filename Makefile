# Everything a newcomer needs: `make demo`, then `make test`. Each sets up what it needs by itself.

CARGO ?= cargo
export RUST_BACKTRACE ?= 0

.PHONY: help setup demo test torture fuzz deny lint doc bench bench-parts build install size sanitize clean

help:
	@echo "make demo    see a red packet sent, claimed, queried and refused, on this machine only"
	@echo "make test    run every test (loopback only)"
	@echo "make torture kill, fork, stop and restore paying processes: was anybody paid twice? (minutes)"
	@echo "make fuzz    coverage-guided fuzzing, ten seconds a target (fuzz/README.md for longer)"
	@echo "make deny    licences, sources and banned crates of what we depend on"
	@echo "make lint    formatting and clippy"
	@echo "make doc     the library's documentation, in target/doc/redpack"
	@echo "make bench   redpack in every language beside the floor and the usual SDKs: docs/benchmarks (QUICK=1: a try; ONLY=\"rust c\")"
	@echo "make bench-parts  protocol layer, journal, sandbox and C interface, each by itself"
	@echo "make build   the command line, optimised: target/release/redpack"
	@echo "make install the C and C++ library: PREFIX=/usr/local LIBDIR=... DESTDIR=..."
	@echo "make sanitize  AddressSanitizer throughout (Linux x86_64), valgrind, and stress on what threads share"
	@echo "make size    how big the release library is, and what fills it; fails above the limits"

setup:
	@.ci/setup

demo: setup
	@.ci/demo

test:
	@.ci/setup tests
	$(CARGO) test --workspace --exclude redpack-torture --locked
	bindings/php/test.sh
	bindings/python/test.sh
	bindings/node/test.sh
	python3 bench/compare/test_report.py

torture:
	@.ci/setup tests
	$(CARGO) test --locked --package redpack-torture -- --nocapture

FUZZ_SECONDS ?= 10
fuzz:
	@.ci/setup tests
	@fuzz/run.sh $(FUZZ_SECONDS)

# Built once, beside everything else that is built; that takes minutes.
DENY := cargo-deny-0.20.2
deny: setup
	@tools=$$(realpath -m "$${CARGO_TARGET_DIR:-target}")/tools/$(DENY); \
	[ -x "$$tools/bin/cargo-deny" ] || { \
		echo "building $(DENY), which takes minutes"; \
		$(CARGO) install --quiet --locked --root "$$tools" --target-dir "$$tools/build" $(subst deny-,deny@,$(DENY)) && rm -r "$$tools/build"; \
	} && "$$tools/bin/cargo-deny" --all-features check bans licenses sources

lint: setup
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- --deny warnings

doc: setup
	RUSTDOCFLAGS="--deny warnings" $(CARGO) doc --workspace --no-deps --locked

bench:
	bench/compare/run.sh

bench-parts: setup
	$(CARGO) bench --locked --package redpack-bench
	bench/abi/run.sh

build: setup
	$(CARGO) build --release --locked --package redpack-cli

# `PROFILE=debug` installs what a debug build left, symbols and all: for tests.
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
PROFILE ?= release
CARGO_TARGET_DIR ?= target

install:
ifeq ($(PROFILE),release)
	@.ci/setup
	CARGO="$(CARGO)" ffi/install/build.sh
endif
	@PREFIX="$(PREFIX)" LIBDIR="$(LIBDIR)" DESTDIR="$(DESTDIR)" BUILT="$(CARGO_TARGET_DIR)/$(PROFILE)" \
		ffi/install/install.sh

size: setup
	@WHOLE_ONLY=$(WHOLE_ONLY) bench/size/run.sh

STRESS_SECONDS ?= 10
sanitize:
	@ffi/tests/sanitize.sh
ifneq ($(VALGRIND),no)
	$(CARGO) test --locked --package redpack-ffi --test valgrind
endif
	REDPACK_STRESS_SECONDS=$(STRESS_SECONDS) $(CARGO) test --locked --package redpack --test stress_journal \
		--package redpack-sandbox --test stress -- --nocapture

clean:
	$(CARGO) clean
