# Makefile - everything in one place; a new file in src/ or test/ is picked up by itself.
#   make                the program             build/soundings
#   make SAN=1          with ASan and UBSan     build/san/soundings
#   make FUZZ=1 fuzzers fuzz targets with clang     build/fuzz/test/fuzz/NAME
#   make CC=clang B=…   another compiler, another folder
#   make tests | test   the test programs; and run them.  ./do installs what is missing first
#   make lib            libsoundings (static, shared) and its FTS5 tokenizer for SQLite, into build/
#   make install        program, library, header, man pages: PREFIX (/usr/local), LIBDIR, DESTDIR
SAN =
FUZZ =
CC = $(if $(FUZZ),clang,gcc)
CXX = $(if $(FUZZ),clang++,g++)
B = $(if $(FUZZ),build/fuzz,$(if $(SAN),build/san,build))
PACKAGES = libxxhash icu-uc libpcre2-8 libxml-2.0 libcurl zlib sqlite3 libzstd libsodium jansson \
           libconfuse simdjson
WARN = -Wall -Wextra -Werror -Wshadow -Wconversion -Wvla -Wformat=2 -Wundef -Wpointer-arith
CWARN = $(WARN) -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
HARD = -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fcf-protection -fstack-clash-protection
comma = ,
# (gcc loses track of lengths under sanitizers, and warns of cuts that snprintf is called for.)
SANITIZE = -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
           $(if $(filter gcc%,$(CC)),-Wno-format-truncation)
OPT = $(if $(FUZZ),-O1 $(SANITIZE) -fsanitize=fuzzer-no-link,$(if $(SAN),-O1 $(SANITIZE),$(HARD)))
INCLUDES := -Isrc -Iinclude $(shell pkg-config --cflags $(PACKAGES) | sed 's/-I/-isystem /g')
CFLAGS = -std=c17 -D_GNU_SOURCE -g $(OPT) $(CWARN) -ffp-contract=off -fPIE -pthread $(INCLUDES)
CXXFLAGS = -std=c++17 -g $(OPT) $(if $(SAN)$(FUZZ),-fno-sanitize=vptr$(if $(FUZZ),$(comma)function)) $(WARN) -fPIE $(INCLUDES)
LDFLAGS = -pie -pthread -Wl,-z,relro,-z,now $(if $(SAN)$(FUZZ),$(SANITIZE))
LIBS := $(shell pkg-config --libs $(PACKAGES)) -lm -lstdc++

SRC := $(wildcard src/*/*.c)
SHIM := $(wildcard src/shim/*.cc)
EMBED := $(filter-out %/SOURCE,$(wildcard data/*.tsv data/models/*)) $(wildcard data/demo/*.tsv data/demo/*.jsonl data/demo/soundings.conf)
OBJ = $(SRC:src/%.c=$B/o/%.o) $(SHIM:src/shim/%.cc=$B/o/shim/%.o) $B/gen/registry.o $B/gen/embed.o
CORE = $(filter-out $B/o/cmd/main.o,$(OBJ))
TESTS = $(patsubst test/%.c,$B/test/%,$(wildcard test/unit/*.c test/conformance/*.c test/torture/*.c))
FUZZERS = $(patsubst test/%.c,$B/test/%,$(wildcard test/fuzz/*.c))

all: $B/soundings
$B/soundings: $B/o/cmd/main.o $B/libcore.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
$B/libcore.a: $(CORE)
	@rm -f $@ && $(AR) rcs $@ $^
$B/o/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<
$B/o/shim/%.o: src/shim/%.cc Makefile
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

# The text core as a library: what src/api needs of the tree, in one object that shows sdg_ names alone.
PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
SDG_VERSION := $(shell sed -n 's/.define SDG_VERSION "\(.*\)"/\1/p' include/soundings.h)
SDG_OBJ = $(patsubst src/%.c,$B/pic/%.o,src/model/redacted.c $(wildcard src/base/*.c src/text/*.c) \
    $(filter-out %/gate.c %/html.c %/locate.c %/mention.c,$(wildcard src/intake/*.c)))
SDG_DATA = $(addprefix data/,languages.tsv social-spelling.tsv models/syllables.tsv models/languages.bin models/restore.bin models/segment.bin)
SDG_NAMES := $(sort $(shell tr '()' '\n\n' <include/soundings.h | grep -o 'sdg_[a-z_]*$$'))
SDG_LIBS := $(shell pkg-config --libs icu-uc) -lm
lib: $B/libsoundings.a $B/libsoundings.so.0 $B/libsoundings_fts5.so
$B/pic/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS:-fPIE=-fPIC) -fvisibility=hidden -ffunction-sections -fdata-sections -MMD -MP -c -o $@ $<
$B/gen/models.S: tools/embed $(SDG_DATA)
	@mkdir -p $(@D)
	tools/embed $(SDG_DATA) >$@.new && mv $@.new $@
$B/pic/parts.a: $B/pic/api/sdg.o $B/gen/models.o $(SDG_OBJ)
	@rm -f $@ && $(AR) rcs $@ $^
$B/libsoundings.a: $B/pic/parts.a
	$(LD) -r --gc-sections $(SDG_NAMES:%=-u %) -o $B/pic/soundings.o $<
	objcopy -w --keep-global-symbol='sdg_*' --strip-unneeded-symbol='XXH*' $B/pic/soundings.o
	@rm -f $@ && $(AR) rcs $@ $B/pic/soundings.o
$B/libsoundings.so.0: $B/libsoundings.a src/api/exports.map
	$(CC) -shared $(filter-out -pie,$(LDFLAGS)) -Wl,-soname,libsoundings.so.0,-z,defs \
	    -Wl,--version-script=src/api/exports.map -o $@ -Wl,--whole-archive $< -Wl,--no-whole-archive $(SDG_LIBS)
	ln -sf libsoundings.so.0 $B/libsoundings.so
$B/libsoundings_fts5.so: $B/pic/api/fts5.o $B/pic/parts.a
	$(CC) -shared $(filter-out -pie,$(LDFLAGS)) -Wl,-z,defs,--gc-sections,--exclude-libs,ALL -o $@ $^ $(SDG_LIBS)
install: all lib
	install -D -t $(DESTDIR)$(PREFIX)/bin $B/soundings
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/include include/soundings.h
	install -D -m 644 -t $(DESTDIR)$(LIBDIR) $B/libsoundings.a $B/libsoundings.so.0 $B/libsoundings_fts5.so
	ln -sf libsoundings.so.0 $(DESTDIR)$(LIBDIR)/libsoundings.so
	@mkdir -p $(DESTDIR)$(LIBDIR)/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(SDG_VERSION)|' src/api/soundings.pc.in \
	    >$(DESTDIR)$(LIBDIR)/pkgconfig/soundings.pc
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 doc/man/soundings.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man3 doc/man/soundings.3

# Tests: every C file under test/unit, test/conformance and test/torture is a program that prints TAP.
$B/test/%: test/%.c $B/libcore.a $(wildcard test/run/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Itest -MMD -MP -MF $@.d $(LDFLAGS) -o $@ $< $B/libcore.a $(LIBS) -lcmocka
# A fuzz target with the corpus driver, or (FUZZ=1) with libFuzzer instead.
$B/test/fuzz/%: test/fuzz/%.c test/run/corpus.c $B/libcore.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Itest $(LDFLAGS) -o $@ $< $(if $(FUZZ),-fsanitize=fuzzer,test/run/corpus.c) \
	    $B/libcore.a $(LIBS)
tests: $B/soundings $(TESTS) $(FUZZERS)
fuzzers: $(FUZZERS)
test: tests
	B=$B test/run/run
clean:
	rm -rf build
# The value of a variable, for the lints: make print-CFLAGS.
print-%:
	@echo '$($*)'
-include $(OBJ:.o=.d) $(TESTS:=.d) $(SDG_OBJ:.o=.d) $B/pic/api/sdg.d $B/pic/api/fts5.d
.PHONY: all lib install tests fuzzers test clean
.SECONDARY:
