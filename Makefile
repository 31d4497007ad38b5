# innsikt: everything a developer, packager or CI runs. `make help` lists the targets.
#
# MODE picks the flavour; each builds beside the others in build/<mode>:
#   release (default)   asan (ASan + UBSan)   tsan   fuzz (clang, libFuzzer)
MODE   ?= release
B      := build/$(MODE)
prefix ?= /usr/local

PKGS := glib-2.0 gio-2.0 libcurl libfyaml json-c yajl sqlite3 gsl libzip expat
PROBE_PKGS := $(PKGS) libmicrohttpd cmocka
# pkg-config does not know these libraries on Debian 12; they are linked by name.
BARE := -lxlsxwriter -lstemmer -lcsv -lm

mode.release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
mode.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
mode.tsan    := -O1 -g -fsanitize=thread
mode.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
$(if $(mode.$(MODE)),,$(error MODE=$(MODE): one of release asan tsan fuzz))

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wwrite-strings -Wformat=2 -Wno-format-nonliteral -Werror
pkg_cflags := $(shell pkg-config --cflags $(PROBE_PKGS) 2>/dev/null | sed 's/-I\([^ ]*\)/-isystem \1/g')
pkg_libs   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
cc = $(CC) -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -I. $(WARN) $(mode.$(MODE)) $(CFLAGS)

objects = $(patsubst %.c,$(B)/%.o,$(wildcard $1/*.c $1/*/*.c))
tests   := $(patsubst %.c,$(B)/%,$(wildcard tests/*/test_*.c))
server  := $(B)/samples/server/formserver

.PHONY: all test check demo bench fuzz soak deps install clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
all: $(B)/innsikt

$(B)/innsikt: $(B)/innsikt.o $(B)/libcollect.a $(B)/libanalyze.a $(B)/libschemas.a
	$(cc) $(LDFLAGS) -o $@ $^ $(pkg_libs) $(BARE)
$(B)/libschemas.a: $(call objects,schemas) $(B)/schemas/resources.o
$(B)/libcollect.a: $(call objects,collect)
$(B)/libanalyze.a: $(call objects,analyze)
$(server): $(call objects,samples/server)
	$(cc) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs glib-2.0 gio-2.0 json-c libmicrohttpd zlib)
$(B)/lib%.a:
	rm -f $@ && $(AR) rcs $@ $^
$(B)/%.o: %.c $(B)/.flags
	@mkdir -p $(@D)
	$(cc) $(pkg_cflags) -MMD -MP -c -o $@ $<
# Frameworks, labels, SQL and JSON Schemas travel inside the binary.
$(B)/schemas/resources.c: schemas/resources.gresource.xml $(wildcard schemas/*.yaml schemas/*.sql schemas/*.json schemas/*.txt schemas/frameworks/*)
	@mkdir -p $(@D)
	glib-compile-resources --generate-source --sourcedir=schemas --target=$@ $<
$(B)/schemas/resources.o: $(B)/schemas/resources.c
	$(CC) -std=c17 $(mode.$(MODE)) $(pkg_cflags) -c -o $@ $<
$(B)/.flags: FORCE # other flags, other objects
	@mkdir -p $(B); echo '$(cc)' | cmp -s - $@ || echo '$(cc)' >$@

# A test links its own floor and the ground: a wrong dependency fails as soon as a test reaches it.
$(B)/tests/%: $(B)/tests/%.o
	$(cc) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(pkg_libs) $(shell pkg-config --libs cmocka libmicrohttpd) $(BARE)
$(filter $(B)/tests/collect/%,$(tests)): $(B)/libcollect.a
$(filter $(B)/tests/analyze/%,$(tests)) $(B)/tests/vectors: $(B)/libanalyze.a
$(filter $(B)/tests/samples/%,$(tests)): $(B)/tests/samples/client.o | $(server)
# The program tests/vectors shares its name with its folder: the folder's objects lie beside it.
$(B)/tests/vectors: $(patsubst tests/vectors/%.c,$(B)/tests/vectors-%.o,$(wildcard tests/vectors/*.c))
$(B)/tests/vectors-%.o: tests/vectors/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(cc) $(pkg_cflags) -MMD -MP -c -o $@ $<
$(tests) $(B)/tests/vectors: $(B)/libschemas.a

clean: ; rm -rf build
-include $(shell find $(B) -name '*.d' 2>/dev/null)
