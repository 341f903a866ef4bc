# Makefile - everything in one place; a new file in src/ or test/ is picked up by itself.
#   make                the program             build/soundings
#   make SAN=1          with ASan and UBSan     build/san/soundings
#   make CC=clang B=…   another compiler, another folder
#   make test | bench | fuzz | lint             called by ./do, which installs what is missing
CC = gcc
CXX = g++
SAN =
B = $(if $(SAN),build/san,build)
PACKAGES = libxxhash icu-uc libpcre2-8 libxml-2.0 libcurl zlib sqlite3 libzstd libsodium jansson \
           libconfuse simdjson
WARN = -Wall -Wextra -Werror -Wshadow -Wconversion -Wvla -Wformat=2 -Wundef -Wpointer-arith
CWARN = $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
OPT = $(if $(SAN),-O1 -fsanitize=address$(comma)undefined -fno-sanitize-recover=all \
        -fno-omit-frame-pointer,-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fcf-protection \
        -fstack-clash-protection)
comma = ,
INCLUDES := -Isrc -Iinclude $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
CFLAGS = -std=c17 -D_GNU_SOURCE -g $(OPT) $(CWARN) -ffp-contract=off -fPIE -pthread $(INCLUDES)
CXXFLAGS = -std=c++17 -g $(OPT) $(WARN) -fPIE $(INCLUDES)
LDFLAGS = -pie -pthread -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=address$(comma)undefined)
LIBS := $(shell pkg-config --libs $(PACKAGES)) -lm -lstdc++

SRC := $(wildcard src/*/*.c)
SHIM := $(wildcard src/shim/*.cc)
EMBED := $(wildcard data/*.tsv data/demo/*.tsv data/demo/*.jsonl data/demo/soundings.conf)
OBJ = $(SRC:src/%.c=$B/o/%.o) $(SHIM:src/shim/%.cc=$B/o/shim/%.o) $B/gen/registry.o $B/gen/embed.o
CORE = $(filter-out $B/o/cmd/main.o,$(OBJ))
TESTS = $(patsubst test/%.c,$B/test/%,$(wildcard test/unit/*.c test/conformance/*.c test/torture/*.c))
FUZZERS = $(patsubst test/%.c,$B/test/%,$(wildcard test/fuzz/*.c))

all: $B/soundings
$B/soundings: $B/o/cmd/main.o $B/libcore.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/libcore.a: $(CORE)
	@rm -f $@ && $(AR) rcs $@ $^
$B/o/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
$B/o/shim/%.o: src/shim/%.cc
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) -MMD -MP -c -o $@ $<

# Tables that are made: which connectors, backends and subcommands there are; the data in the binary.
$B/gen/registry.c: tools/registry $(wildcard src/source/*.c src/store/*.c src/cmd/*.c)
	@mkdir -p $(@D)
	tools/registry >$@.new && mv $@.new $@
$B/gen/embed.S: tools/embed $(EMBED)
	@mkdir -p $(@D)
	tools/embed $(EMBED) >$@.new && mv $@.new $@
$B/gen/%.o: $B/gen/%.c
	$(CC) $(CFLAGS) -c -o $@ $<
$B/gen/%.o: $B/gen/%.S
	$(CC) -c -o $@ $<

# Tests: every C file under test/unit, test/conformance and test/torture is a program that prints TAP.
$B/test/%: test/%.c $B/libcore.a $(wildcard test/run/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Itest -MMD -MP $(LDFLAGS) -o $@ $< $B/libcore.a $(LIBS) -lcmocka
# A fuzz target with the corpus driver; `./do fuzz` links the same file with libFuzzer instead.
$B/test/fuzz/%: test/fuzz/%.c test/run/corpus.c $B/libcore.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Itest $(LDFLAGS) -o $@ $< test/run/corpus.c $B/libcore.a $(LIBS)
tests: $B/soundings $(TESTS) $(FUZZERS)
test: tests
	B=$B test/run/run
-include $(OBJ:.o=.d)
.PHONY: all tests test
.SECONDARY:
