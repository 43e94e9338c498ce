# Kizuki. `make run` and `make check` install the Debian packages they need.
#
#   make            build/kizuki              make check    every test (minutes)
#   make run        build and start it        make soak     the long tests
#   make lint       format, static analysis   make bench    measurements
#   make install    PREFIX=/usr/local         make clean

CC      ?= cc
PREFIX  ?= /usr/local
VARIANT ?= release
BUILD   := build/$(VARIANT)

RUN_PACKAGES   := gcc libc6-dev pkg-config libcjson-dev libsqlite3-dev libutf8proc-dev \
                  libconfuse-dev libssl-dev libwebsockets-dev libcurl4-openssl-dev ca-certificates \
                  libcairo2-dev libpango1.0-dev
CHECK_PACKAGES := $(RUN_PACKAGES) libcmocka-dev sqlite3 openssl curl libpangocairo-1.0-0 \
                  fonts-ipaexfont-gothic tesseract-ocr tesseract-ocr-jpn
LINT_PACKAGES  := $(CHECK_PACKAGES) clang-14 clang-format-14 clang-tidy-14 cppcheck
LIBRARIES      := libcjson sqlite3 libutf8proc libconfuse libcrypto libwebsockets libcurl
# What only the child that paints opens, when it does: headers are enough.
OPENED         := pangocairo

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wformat=2 -Wconversion -Wvla -Werror
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
                  -fno-omit-frame-pointer
CFLAGS_clang   := -O2 -g
LDFLAGS_asan   := -fsanitize=address,undefined

# Asked when first used, once: before `run` has installed packages there may be no pkg-config.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(LIBRARIES); \
               pkg-config --cflags-only-I $(OPENED) | sed 's/-I/-isystem /g'))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(LIBRARIES)))$(PKG_LIBS)

DIALECT    := -std=gnu17 -D_GNU_SOURCE -I.
ALL_CFLAGS  = $(DIALECT) $(WARNINGS) $(CFLAGS_$(VARIANT)) $(PKG_CFLAGS) \
              -include base/banned.h -MMD -MP $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(VARIANT)) $(LDFLAGS)
ALL_LIBS    = $(PKG_LIBS) -lm

SOURCES  := $(wildcard base/*.c store/*.c content/*.c intents/*.c bot/*.c bot/*/*.c)
OBJECTS  := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o
LIBRARY  := $(BUILD)/libkizuki.a
MODELS   := $(patsubst %,build/models/%.model,labels kinds senses rarities)
# What makes the models, when Kizuki is built; in the binary, too, to be compared with a site's.
EXAMPLES := $(wildcard intents/examples/*.tsv)
EMBEDDED := $(wildcard content/pack/*.json intents/*.tsv store/schema/*.sql) $(EXAMPLES) $(MODELS)
TRAINER  := intents/tool/train.c $(patsubst %,intents/%.c,examples features labels lessons model \
              near train) base/arena.c base/text.c base/xalloc.c content/fault.c content/lang.c
TESTED   := $(wildcard tests/unit/test_*.c tests/faults/test_*.c tests/kill/test_*.c \
              tests/wire/test_*.c)
TEST_BINARIES := $(TESTED:%.c=$(BUILD)/%)
BENCHES       := $(patsubst %,$(BUILD)/tests/bench/%,bench bench_wire bench_paint cross)
FUZZERS       := $(BUILD)/tests/fuzz/understand
# What tests share. An archive: a test links only the files of it that it uses.
SUPPORT_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/support/*.c))
SUPPORT         := $(BUILD)/libsupport.a
# Servers for the tests: Mattermost as a real one was seen to be, Slack as it is documented.
FAKE_COMMON     := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/common/*.c))
MATTERMOST      := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/*.c))
SLACK           := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/fake/slack/*.c))
FAKE_OBJECTS    := $(FAKE_COMMON) $(MATTERMOST) $(SLACK)
FAKE            := $(BUILD)/tests/fake/mattermost $(BUILD)/tests/fake/slack/slack
# What everything was built from and how: when this changes, everything is built anew.
SETTINGS        := $(BUILD)/settings

.PHONY: all run check lint bench fuzz soak install clean test-binaries packages-run packages-check \
        packages-lint FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(if $(filter release,$(VARIANT)),build/kizuki,$(BUILD)/kizuki)

build/kizuki: build/release/kizuki
	@ln -sf release/kizuki $@

$(SETTINGS): export SETTINGS_TEXT = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(SOURCES) $(EMBEDDED) \
                                    $(SUPPORT_OBJECTS) $(FAKE_OBJECTS)
$(SETTINGS): FORCE
	@mkdir -p $(@D)
	@echo "$$SETTINGS_TEXT" | cmp -s - $@ || echo "$$SETTINGS_TEXT" >$@

$(BUILD)/kizuki: $(BUILD)/bot/main.o $(LIBRARY)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(LIBRARY): $(filter-out $(BUILD)/bot/main.o,$(OBJECTS))
$(SUPPORT): $(SUPPORT_OBJECTS)
$(LIBRARY) $(SUPPORT): $(SETTINGS)
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

$(BUILD)/%.o: %.c $(SETTINGS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Nothing else computes for seconds.
$(BUILD)/intents/train.o: CFLAGS += -O3

build/models/train: $(TRAINER) $(wildcard base/*.h intents/*.h) Makefile
	@mkdir -p $(@D)
	$(CC) $(DIALECT) $(WARNINGS) -O3 $(PKG_CFLAGS) -o $@ $(TRAINER) -lutf8proc -lm

$(MODELS) &: build/models/train $(EXAMPLES)
	build/models/train build/models $(EXAMPLES)

# The files of EMBEDDED as one object: path, first byte, end (see base/embed.h). A model's path is
# that of the examples' folder.
$(BUILD)/embedded.S: $(EMBEDDED) $(SETTINGS) Makefile
	@mkdir -p $(@D)
	@{ n=0; echo '.section .rodata'; \
	   for f in $(EMBEDDED); do n=$$((n+1)); \
	     case $$f in build/*) path=intents/$${f##*/} ;; *) path=$$f ;; esac; \
	     printf 'name%d: .asciz "%s"\ndata%d: .incbin "%s"\nend%d: .byte 0\n' $$n $$path $$n $$f $$n; \
	   done; \
	   printf '.section .data.rel.ro,"aw"\n.globl embedded_files\n.balign 8\nembedded_files:\n'; \
	   while [ $$n -gt 0 ]; do printf '.dc.a name%d, data%d, end%d\n' $$n $$n $$n; n=$$((n-1)); done; \
	   printf '.dc.a 0, 0, 0\n.section .note.GNU-stack,"",%%progbits\n'; } > $@

$(BUILD)/embedded.o: $(BUILD)/embedded.S
	$(CC) -c -o $@ $<

# A test may ask for link flags, or for @FILE with them, in a comment line: /* LDFLAGS: ... */
$(BUILD)/tests/support/sqlite_faults.o: tests/support/sqlite_faults.flags
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(LIBRARY)
	$(CC) $(ALL_LDFLAGS) \
	  $$(sed -n 's|^/\* LDFLAGS: \(.*\) \*/$$|\1|p' tests/$*.c) -o $@ $^ $(ALL_LIBS) -lcmocka

$(BUILD)/tests/fake/mattermost: $(MATTERMOST)
$(BUILD)/tests/fake/slack/slack: $(SLACK)
$(FAKE): $(FAKE_COMMON) $(LIBRARY)
	$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(ALL_LIBS)

# ---- packages: installed when missing, with sudo when needed; otherwise the line to run ----

define need
	@missing=''; for p in $(1); do \
	   dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	 done; \
	 [ -z "$$missing" ] && exit 0; \
	 if [ "$$(id -u)" = 0 ]; then sudo=''; elif command -v sudo >/dev/null; then sudo=sudo; else \
	   echo "Please run as root: apt-get update && apt-get install -y$$missing" >&2; exit 1; fi; \
	 echo "installing:$$missing" >&2; \
	 mkdir -p build; { $$sudo apt-get update -qq && \
	   $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } \
	   >build/packages.log 2>&1 </dev/null || { cat build/packages.log >&2; \
	   echo "Please run as root: apt-get update && apt-get install -y$$missing" >&2; exit 1; }; \
	 rm -f build/packages.log
endef

packages-run:
	$(call need,$(RUN_PACKAGES))
packages-check:
	$(call need,$(CHECK_PACKAGES))
packages-lint:
	$(call need,$(LINT_PACKAGES))

# ---- use ----

run: packages-run
	@$(MAKE) --no-print-directory -s VARIANT=release build/kizuki
	@./build/kizuki run

install: build/kizuki
	install -D -m 755 build/release/kizuki $(DESTDIR)$(PREFIX)/bin/kizuki
	install -D -m 644 config.example $(DESTDIR)$(PREFIX)/share/doc/kizuki/config.example
	install -D -m 644 bot/slack/manifest.yaml $(DESTDIR)$(PREFIX)/share/doc/kizuki/slack-manifest.yaml

clean:
	rm -rf build

# ---- static checks ----

C_FILES = $(wildcard */*.[ch] */*/*.[ch] tests/*/*/*.[ch])
TIDY    = clang-tidy-14 --quiet
# Tests hold long tables, bytes without an end and small products of constants on purpose.
TIDY_TESTS = $(wildcard tests/unit/*.c tests/faults/*.c tests/fuzz/*.c tests/support/*.c tests/fake/*.c \
               tests/fake/*/*.c tests/wire/*.c)
TESTS_MAY  = -readability-function-size,-bugprone-not-null-terminated-result,$\
             -bugprone-implicit-widening-of-multiplication-result

# Two at a time: $(call tidy,OPTION,FILES)
tidy = @printf '%s\n' $(2) | xargs -P 2 -n 8 sh -c \
  '$(TIDY) $(1) "$$@" -- $(DIALECT) $(WARNINGS) $(PKG_CFLAGS)' tidy

lint: packages-lint
	clang-format-14 --dry-run --Werror $(C_FILES)
	@$(MAKE) --no-print-directory -s -j2 CC=clang-14 VARIANT=clang build/clang/kizuki
	$(call tidy,,$(SOURCES))
	$(call tidy,--checks=$(TESTS_MAY),$(TIDY_TESTS))
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -I. -D_GNU_SOURCE \
	  --enable=warning,performance,portability --suppress=missingIncludeSystem \
	  --suppress=nullPointer:tests/unit/test_config.c $(SOURCES) $(wildcard tests/*/*.c tests/*/*/*.c)

# ---- tests and measurements ----

check: packages-check
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release build/kizuki
	@$(MAKE) --no-print-directory -s -j2 VARIANT=asan build/asan/kizuki test-binaries
	@tests/run.sh $(TESTS)

# The measuring programs are built, too, so that they do not rot.
test-binaries: $(TEST_BINARIES) $(FAKE) $(BENCHES) $(FUZZERS)

# With the binaries people install: speed and timing are not those of the sanitizers.
bench: packages-check
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release build/kizuki \
	  $(patsubst %,build/release/tests/bench/%,bench bench_wire bench_paint cross)
	@build/release/tests/bench/bench build/release/kizuki
	@build/release/tests/bench/bench_wire build/release/kizuki mattermost
	@build/release/tests/bench/bench_wire build/release/kizuki slack
	@build/release/tests/bench/bench_paint build/release/kizuki
	@build/release/tests/bench/cross

# Ten million messages, in two processes.
fuzz: packages-check
	@$(MAKE) --no-print-directory -s -j2 VARIANT=asan build/asan/tests/fuzz/understand
	@printf '1\n2\n' | xargs -P 2 -n 1 build/asan/tests/fuzz/understand 5000000

soak: packages-check
	@$(MAKE) --no-print-directory -s -j2 VARIANT=release build/kizuki \
	  build/release/tests/kill/test_kill build/release/tests/faults/test_engine_faults \
	  build/release/tests/wire/test_kill_wire build/release/tests/fake/mattermost \
	  build/release/tests/fake/slack/slack
	@tests/soak.sh build/release/kizuki

-include $(OBJECTS:.o=.d) $(SUPPORT_OBJECTS:.o=.d) $(FAKE_OBJECTS:.o=.d) $(TEST_BINARIES:=.d) \
         $(BENCHES:=.d) $(FUZZERS:=.d)
