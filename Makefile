# SPDX-License-Identifier: Apache-2.0
# The front door; Meson and Ninja do the work. `make` alone prints the targets.
comma := ,
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
unexport MAKEFLAGS MFLAGS MAKELEVEL

DATA ?= ./signet-data
ARGS ?=
NINJA_FLAGS ?=
# $(call setup,DIR,OPTIONS): configures DIR once; later changes of meson.build are ninja's care.
setup = [ -f $(1)/build.ninja ] || meson setup $(1) $(2) >$(1).setup.log 2>&1 || { cat $(1).setup.log; rm -rf $(1); exit 1; }; rm -f $(1).setup.log
# $(call ninja,DIR): a progress line for a person, nothing for a log, the whole output of what fails.
ninja = q=--quiet; [ ! -t 1 ] || q=; ninja $$q -C $(1) $(NINJA_FLAGS)
# The two programs stand at the top of the build folder, wherever Meson builds them.
link = for p in daemon/signetd cli/signet; do [ ! -x $(1)/src/$$p ] || ln -sfn src/$$p $(1)/$${p\#*/}; done

.PHONY: help run build check test lint asan tsan fuzz bench dist clean deps deps-test build-testing setup-asan setup-tsan
help:
	@sed -n 's/^#: //p' Makefile

#: make run      packages, build, then the service in the foreground (DATA=DIR, default ./signet-data; ARGS=... for signetd)
run: build
	@exec build/signetd --data $(DATA) $(ARGS)

#: make build    build/signetd and build/signet
build: deps
	@$(call setup,build,--buildtype=release -Dtests=false)
	@$(call ninja,build)
	@$(call link,build)

#: make check    the quick part, before each commit: build, unit tests, rules of the house (under 60 s)
check: build build-testing
	@meson test -C build-testing --suite unit --no-rebuild --quiet --print-errorlogs
	@tools/check/all

#: make test     everything; the last line counts what passed and failed (under 10 minutes)
test: build build-testing setup-asan setup-tsan
	@tools/test

#: make lint     a build by clang without a warning, and clang-tidy
lint: deps-test
	@tools/lint

#: make asan     unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
asan: setup-asan
	@tools/test asan

#: make tsan     unit tests of os and db under ThreadSanitizer
tsan: setup-tsan
	@tools/test tsan

#: make fuzz     each fuzz target for T seconds (default 60)
fuzz: deps-test
	@tools/fuzz $${T:-60}

#: make bench    the figures promised, as a table
bench: deps-test
	@tools/bench $(ARGS)

#: make dist     the source archive
dist:
	@git archive --prefix=signet/ -o signet.tar.gz HEAD && echo signet.tar.gz

#: make clean    removes what was built
clean:
	rm -rf build build-testing build-asan build-tsan build-lint build-fuzz build-bench signet.tar.gz

deps:
	@tools/deps build
deps-test:
	@tools/deps test
	@tools/deps-npm
build-testing: deps-test
	@$(call setup,build-testing,-Dtesting=true)
	@$(call ninja,build-testing)
	@$(call link,build-testing)
# The sanitizer builds compile only what the chosen tests need: `meson test` sees to it.
setup-asan: deps-test
	@$(call setup,build-asan,-Dtesting=true -Db_sanitize=address$(comma)undefined -Db_lundef=false)
setup-tsan: deps-test
	@$(call setup,build-tsan,-Dtesting=true -Db_sanitize=thread -Db_lundef=false)
