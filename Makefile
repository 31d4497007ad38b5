# innsikt: everything a developer, packager or CI runs. `make help` lists the targets.
#
# MODE picks the flavour; each builds beside the others in build/<mode>:
#   release (default)   asan (ASan + UBSan)   tsan   fuzz (clang, libFuzzer)
# V=1 shows the commands.
MODE   ?= release
B      := build/$(MODE)
prefix ?= /usr/local
PYTHON := /usr/bin/python3

# --- Debian 12 packages, by the target that needs them -------------------------------------------
packages.build := gcc make pkg-config libglib2.0-dev libglib2.0-dev-bin libcurl4-openssl-dev \
    libfyaml-dev libjson-c-dev libyajl-dev libsqlite3-dev libstemmer-dev libzip-dev libexpat1-dev \
    libgsl-dev libxlsxwriter-dev libreadstat-dev zlib1g-dev tzdata ca-certificates
packages.server := libmicrohttpd-dev
packages.python := python3 python3-openpyxl python3-jsonschema python3-yaml python3-numpy python3-scipy locales
packages.lint   := clang-format clang-tidy
packages.clang  := clang libclang-rt-14-dev

packages.all     := $(packages.build)
packages.install := $(packages.build)
packages.demo    := $(packages.build) $(packages.server)
packages.test    := $(packages.demo) libcmocka-dev openssl $(packages.python)
packages.bench   := $(packages.test) curl sqlite3 python3-pandas
packages.fuzz    := $(packages.build) $(packages.clang)
packages.soak    := $(packages.test) $(packages.clang)
packages.check   := $(packages.soak) $(packages.lint) pspp
packages.deps    := $(packages.check) $(packages.bench)

needed  := $(sort $(foreach goal,$(or $(MAKECMDGOALS),all),$(packages.$(goal))))
have     = $(shell dpkg-query -W -f='$${db:Status-Abbrev}$${Package}\n' $(needed) 2>/dev/null | sed -n 's/^.i.//p')
missing := $(if $(and $(needed),$(shell command -v dpkg-query)),$(filter-out $(have),$(needed)))

# Root installs at once when nobody can be asked (CI, a container); else the person decides.
define install
set -e; \
echo 'missing Debian packages: $(missing)' >&2; \
command='apt-get install -y --no-install-recommends $(missing)'; \
as=; [ "$$(id -u)" = 0 ] || as=sudo; \
if [ -t 0 ] && { [ -z "$$as" ] || command -v sudo >/dev/null; }; then \
    printf 'install them now%s? [Y/n] ' "$${as:+ with sudo}" >&2; read -r answer; \
elif [ -n "$$as" ]; then answer=n; else answer=y; fi; \
case $$answer in ''|[YyJj]*) ;; *) echo "install them as root: $$command" >&2; exit 2;; esac; \
as="$$as env DEBIAN_FRONTEND=noninteractive"; \
apt-get -qqs install $(missing) >/dev/null 2>&1 || $$as apt-get -q update; \
$$as $$command || { $$as apt-get -q update && $$as $$command; }
endef

# make makes an included file first and then reads everything anew: pkg-config answers by then.
ifneq ($(missing),)
ifeq ($(filter deps,$(MAKECMDGOALS))$(findstring n,$(firstword -$(MAKEFLAGS))),)
$(if $(MAKE_RESTARTS),$(error still missing after installing: $(missing)))
include build/packages
build/packages: FORCE
	@mkdir -p $(@D); $(install); date >$@
endif
endif

# --- flags ---------------------------------------------------------------------------------------
PKGS := glib-2.0 gio-2.0 libcurl libfyaml json-c yajl sqlite3 gsl libzip expat
PROBE_PKGS := $(PKGS) libmicrohttpd cmocka
# pkg-config does not know these libraries on Debian 12; they are linked by name.
BARE := -lxlsxwriter -lreadstat -lstemmer -lm

mode.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
mode.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
mode.tsan    := -O1 -g -fsanitize=thread
mode.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
$(if $(mode.$(MODE)),,$(error MODE=$(MODE): one of release asan tsan fuzz))
ifeq ($(MODE),fuzz)
CC := clang
endif

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wwrite-strings -Wformat=2 -Wno-format-nonliteral -Werror
# One package at a time: what only the tests need may be missing when the program is built.
pkg_cflags := $(shell for p in $(PROBE_PKGS); do pkg-config --cflags $$p 2>/dev/null; done | tr ' ' '\n' | sort -u | sed 's/^-I/-isystem /')
pkg_libs   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
cc = $(CC) -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -I. $(WARN) $(mode.$(MODE)) $(CFLAGS)

say   = $(if $(V),,@echo '  $1';)
# As many jobs as cores, unless the caller's make hands out jobs already.
build = $(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc)) --no-print-directory

objects = $(patsubst %.c,$(B)/%.o,$(wildcard $1/*.c $1/*/*.c))
tests   := $(patsubst %.c,$(B)/%,$(wildcard tests/*/test_*.c))
benches := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/bench_*.c))
fuzzers := $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
server  := $(B)/samples/server/formserver
sources := $(shell find innsikt.c schemas collect analyze samples tests -name '*.c')
headers := $(shell find schemas collect analyze samples tests -name '*.h')

.PHONY: all programs fuzzers threaded headers-alone tidy demo test check bench fuzz soak deps install clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:

# --- what people type ----------------------------------------------------------------------------
all: $(B)/innsikt

help:
	@echo 'make            build the program: $(B)/innsikt'
	@echo 'make demo       the sample from form to workbook, in build/demo'
	@echo 'make test       build and run all tests (TESTS="word …": those whose path holds one)'
	@echo 'make check      format, static analysis, layers, schemas, all tests under ASan and UBSan,'
	@echo '                those with threads under TSan'
	@echo 'make bench      speed and memory, as ratios'
	@echo 'make fuzz       every fuzzer for FUZZ_SECONDS ($(FUZZ_SECONDS)) seconds'
	@echo 'make soak       long runs: fuzzers, and kills and faults at many moments'
	@echo 'make deps       print and install the Debian packages that all these need'
	@echo 'make install    to $(prefix)/bin (prefix=…, DESTDIR=…)'
	@echo 'make clean      remove build/'
	@echo 'MODE=release|asan|tsan|fuzz picks the flavour, V=1 shows the commands.'

demo:
	+@$(build) $(B)/innsikt $(server)
	@samples/demo.sh $(B)

test:
	+@$(build) programs
	@$(PYTHON) tests/run.py $(B) $(TESTS)

bench:
	+@$(build) $(B)/innsikt $(server) $(benches)
	@set -e; for bench in $(benches) $(wildcard tests/bench/*.sh tests/bench/*.py); do \
	    echo "== $$bench"; INNSIKT_BUILD=$(B) $$bench; done

deps:
	@echo 'all targets: $(packages.build)'
	@$(foreach target,demo test check bench fuzz,echo '$(target) also: $(filter-out $(packages.build),$(packages.$(target)))';)
	@$(if $(missing),$(install),echo 'nothing is missing')

# Each step says what it is; the first that fails ends the check (make -k check runs them all).
check:
	@echo '== format, layers, words'
	@clang-format --dry-run -Werror $(sources) $(headers)
	@tests/house/check_layers.py && tests/house/check_words.py
	@echo '== every header compiles alone; clang-tidy'
	+@$(build) headers-alone tidy
	@echo '== all tests under ASan and UBSan'
	+@$(build) MODE=asan programs
	@$(PYTHON) tests/run.py build/asan
	@echo '== what runs in threads under the thread sanitizer'
	+@$(build) MODE=tsan threaded
	@$(PYTHON) tests/run.py build/tsan $(threaded)
	@echo '== fuzzers'
	+@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=5
threaded := tests/collect/test_together tests/collect/test_http tests/collect/test_http_pool
threaded: $(threaded:%=$(B)/%)
headers-alone: $(headers:%=$(B)/alone/%)
tidy: $(patsubst %.c,$(B)/%.tidy,$(filter-out tests/%,$(sources)))

soak:
	+@$(build) MODE=asan programs
	@INNSIKT_BUILD=$(CURDIR)/build/asan INNSIKT_SOAK=200 tests/whole/test_interrupt.py Broken
	+@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=900

# Findings and what was learnt stay in build/fuzz; a seed folder gives each fuzzer something real.
FUZZ_SECONDS ?= 10
seeds.fuzz_csv        := samples/evaluering/verksted
seeds.fuzz_json       := tests/fixtures/odk
seeds.fuzz_limesurvey := tests/fixtures/limesurvey
seeds.fuzz_records    := $(wildcard tests/collect/replay/*)
fuzz:
	+@$(build) MODE=fuzz fuzzers
	@set -e; $(foreach f,$(notdir $(fuzzers)),mkdir -p build/fuzz/corpus/$f; \
	    build/fuzz/tests/fuzz/$f -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=1024 -timeout=10 \
	        -print_final_stats=1 -artifact_prefix=build/fuzz/$f- build/fuzz/corpus/$f $(seeds.$f) \
	        >build/fuzz/$f.log 2>&1 || { tail -n 60 build/fuzz/$f.log; exit 1; }; \
	    sed -n 's/^stat::number_of_executed_units: */  fuzz $f inputs: /p' build/fuzz/$f.log;)
fuzzers: $(fuzzers)

install: all
	install -D -m 755 $(B)/innsikt $(DESTDIR)$(prefix)/bin/innsikt

clean: ; rm -rf build

programs: $(B)/innsikt $(server) $(tests) $(B)/tests/vectors $(B)/tests/calibration

# --- how things are made -------------------------------------------------------------------------
$(B)/innsikt: $(B)/innsikt.o $(B)/libcollect.a $(B)/libanalyze.a $(B)/libschemas.a
	$(call say,link $@)$(cc) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(BARE)
$(B)/libschemas.a: $(call objects,schemas) $(B)/schemas/resources.o
$(B)/libcollect.a: $(call objects,collect)
$(B)/libanalyze.a: $(call objects,analyze)
$(server): $(call objects,samples/server)
	$(call say,link $@)$(cc) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs glib-2.0 gio-2.0 json-c libmicrohttpd zlib)
$(B)/lib%.a:
	$(call say,ar $@)rm -f $@ && $(AR) rcs $@ $^
$(B)/%.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(cc) $(pkg_cflags) -MMD -MP -c -o $@ $<
# Blocks of random numbers are loops of integers that -O2 leaves scalar.
$(if $(filter release,$(MODE)),$(B)/analyze/random.o: private mode.release += -O3)
$(B)/alone/%: % $(B)/.flags
	@mkdir -p $(@D)
	$(call say,header $<)$(cc) $(pkg_cflags) -MMD -MP -MF $@.d -MT $@ -fsyntax-only -x c $< && touch $@
$(B)/%.tidy: %.c .clang-tidy $(B)/%.o
	$(call say,tidy $<)clang-tidy --quiet $< -- $(filter-out -W%,$(wordlist 2,99,$(cc))) $(pkg_cflags) 2>$@.log || { cat $@.log; exit 1; }; touch $@
# Frameworks, labels, SQL and JSON Schemas travel inside the binary.
$(B)/schemas/resources.c: schemas/resources.gresource.xml $(wildcard schemas/*.yaml schemas/*.sql schemas/*.json schemas/*.txt schemas/frameworks/*)
	@mkdir -p $(@D)
	$(call say,resources)glib-compile-resources --generate-source --sourcedir=schemas --target=$@ $<
$(B)/schemas/resources.o: $(B)/schemas/resources.c
	$(call say,cc $<)$(CC) -std=c17 $(mode.$(MODE)) $(pkg_cflags) -c -o $@ $<
$(B)/.flags: FORCE # other flags, other objects
	@mkdir -p $(B); echo '$(cc) $(pkg_cflags)' | cmp -s - $@ || echo '$(cc) $(pkg_cflags)' >$@

# A test links its own floor and the ground: a wrong dependency fails as soon as a test reaches it.
$(B)/tests/%: $(B)/tests/%.o
	$(call say,link $@)$(cc) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(pkg_libs) $(shell pkg-config --libs cmocka libmicrohttpd) $(BARE)
$(filter $(B)/tests/collect/%,$(tests)): $(B)/libcollect.a
$(filter $(B)/tests/analyze/%,$(tests)) $(B)/tests/vectors $(B)/tests/calibration: $(B)/libanalyze.a
$(filter $(B)/tests/samples/%,$(tests)) $(B)/tests/collect/test_pull $(B)/tests/collect/test_together $(B)/tests/collect/test_faults: $(B)/tests/samples/client.o | $(server)
$(benches) $(fuzzers): $(B)/libcollect.a $(B)/libanalyze.a
$(fuzzers): LDFLAGS += -fsanitize=fuzzer
# The program tests/vectors shares its name with its folder: the folder's objects lie beside it.
$(B)/tests/vectors: $(patsubst tests/vectors/%.c,$(B)/tests/vectors-%.o,$(wildcard tests/vectors/*.c))
$(B)/tests/vectors-%.o: tests/vectors/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,cc $<)$(cc) $(pkg_cflags) -MMD -MP -c -o $@ $<
$(tests) $(benches) $(fuzzers) $(B)/tests/vectors $(B)/tests/calibration: $(B)/libschemas.a

-include $(shell find $(B) -name '*.d' 2>/dev/null)
