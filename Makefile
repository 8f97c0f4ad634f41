# oqfs - build, test, install
#
#   make             build/oqfs; the first time, missing packages are installed
#                    (sudo apt-get) and, where the system's is older than 1.14,
#                    an HDF5 library is built into ~/.cache/oqfs
#   make demo        mount a small data directory and look around in it
#   make check       all tests; TESTS="name ..." or "tests/name ..." only those
#   make conformance compare mounts with the manifests in CORPUS and OQDATA
#   make exhaustive  every float, and DOUBLES=1000000000 doubles, as text beside
#                    what libstdc++ makes of them: some minutes
#   make bench       measure, or only TASK="name ..."
#   make fuzz        with CC=clang: messages, names, slices, filters, pickles,
#                    object headers, tables as Parquet, and a reader's way
#                    through a file; FUZZTIME=60 seconds each
#   make soak        mutants, killed readers and rewritten calculations beside
#                    healthy ones: MINUTES=10, SEED=1
#   make sanitize    front and readers of a set of mounts, and the unit tests,
#                    under ASan with UBSan, then TSan; some under valgrind
#   make analyze     cppcheck, clang-tidy, gcc -fanalyzer
#   make format      clang-format everything
#   make install, uninstall, clean, setup (packages only)
#   make deps        which HDF5 is used; NEWER=yes builds a newer one than is
#                    there, if the distribution's newer suites have one
#   make deb         a Debian package, in build/deb; check-deb, as root,
#                    installs, upgrades and removes it in a clean system, and
#                    boots one to try the systemd units
#   make static      build/static/oqfs: one file that runs on any Linux of this
#                    architecture; check-static, as root, mounts with it in a
#                    Debian 11, a Debian 13 and an empty root
#   make dist        build/oqfs-VERSION.tar.gz of what is committed; rpm makes
#                    an RPM package of that, in build/rpm, and check-rpm looks
#                    whether all is in it that install installs
#   make check-bookworm, check-trixie, check-forky: all that CI does, of what is
#                    committed, in a clean Debian 12, 13 or the next; as root,
#                    with debootstrap
#
#   V=1              show the commands
#   WERROR=1         warnings are errors
#   SAN=address,undefined or SAN=thread: in a build directory of its own
#   O=DIR            build there and not in build/
#   HDF5_DIR=DIR     an HDF5 of your own (include/hdf5.h, lib/libhdf5.*)
#   SETUP=no         never install packages
#   PREFIX, DESTDIR, CC, CXX, CFLAGS, LDFLAGS, PKG_CONFIG as usual

CC         ?= cc
PKG_CONFIG ?= pkg-config
PREFIX     ?= /usr/local
CFLAGS     ?= -O2 -g
CORPUS     ?= ../shared/data/corpus
OQDATA     ?= ../shared/data/oqdata
FUZZTIME   ?= 60
DOUBLES    ?= 1000000000
MINUTES    ?= 10
SEED       ?= 1
BENCHDIR   ?= build/bench
PROVE      ?= prove -j2 --failures --comments
PYTHON     ?= /usr/bin/python3
VERSION    := 0.1.0

ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

comma := ,
B := $(or $(O),build$(if $(SAN),/san-$(subst $(comma),-,$(SAN))))

# ---- flags -----------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
        -Wdouble-promotion -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
        -Wold-style-definition -Wpointer-arith -Wcast-qual -Wcast-align \
        -Wwrite-strings -Wundef -Wvla -Walloca -Wnull-dereference \
        -Wimplicit-fallthrough -Wredundant-decls -Wdate-time
ifeq (,$(findstring clang,$(CC)))
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init
endif
WARN += $(if $(WERROR),-Werror)
HARD := -fstack-protector-strong -fstack-clash-protection -fPIE
SANF := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all \
        -fno-omit-frame-pointer,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)

# build/config.mk says where HDF5 is: H5_VERSION, H5_HEADER, H5_CFLAGS, H5_LIBS.
# It is made again when that is gone, HDF5_DIR is another or a newer is wanted.
# STATIC=yes has one of its own, as the system's library brings others along;
# and in FUSE_PC where libfuse is, if it is not the system's either.
CONFIG := build/config$(if $(STATIC),-static).mk
NO_HDF5 := clean help setup format uninstall check-bookworm check-forky \
	check-trixie static check-static dist rpm check-rpm
ifneq (,$(filter-out $(NO_HDF5),$(or $(MAKECMDGOALS),all)))
include $(CONFIG)
ifneq ($(and $(wildcard $(H5_HEADER)),x$(HDF5_DIR)),x$(H5_ASKED))
$(CONFIG): FORCE
endif
ifneq (,$(if $(MAKE_RESTARTS),,$(NEWER)))
$(CONFIG): FORCE
endif
endif

PKGS    := blosc fuse3 json-c libdeflate liblz4 libpng libseccomp libzstd zlib
PC      := $(if $(FUSE_PC),PKG_CONFIG_PATH=$(FUSE_PC):$$PKG_CONFIG_PATH) $(PKG_CONFIG)
DEP_INC := $(patsubst -I%,-isystem %,$(shell $(PC) --cflags $(PKGS) 2>/dev/null))
DEP_LIB := $(shell $(PC) $(if $(STATIC),--static) --libs $(PKGS) 2>/dev/null) -laec -lbz2
LDLIBS  := $(H5_LIBS) $(DEP_LIB) $(if $(STATIC),-lsnappy -lstdc++) -lpthread -lm

# The map tells contrib/static/check what of libc is in it.  libc warns of its
# dlopen, in whose place dl.c stands.
ALONE := -static-pie -s -Wl,--no-warnings,-Map=$B/oqfs.map

STD   := -std=gnu17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I.
FLAGS := $(STD) $(DEP_INC) $(WARN) $(HARD) $(SANF) $(if $(STATIC),-DOQFS_STATIC) \
	$(CPPFLAGS) $(CFLAGS)
LINK  := $(CC) $(if $(STATIC),$(ALONE),-pie) -Wl,-z,relro,-z,now,--as-needed $(SANF) $(CFLAGS) $(LDFLAGS)

# ---- what is made of what --------------------------------------------------

LIBSRC := $(wildcard lib/*/*.c)
FSSRC  := $(wildcard fs/*.c fs/*/*.c)
SRC    := $(LIBSRC) $(FSSRC) $(wildcard tests/*/*.c tests/*/*/*/*.c)
LIB    := $(LIBSRC:%.c=$B/%.o)
FS     := $(patsubst %.c,$B/%.o,$(filter-out fs/main.c,$(FSSRC)))
FUZZ   := $(patsubst %.c,$B/%,$(or $(TASK:%=tests/fuzz/%.c),$(wildcard tests/fuzz/*.c)))
HELP   := $(patsubst %.c,$B/%,$(wildcard tests/make/*.c))
UNITS  := $(patsubst %.c,$B/%,$(wildcard tests/unit/*/*/*.c))

# Rebuild everything when the flags change, the libraries when the list of
# sources does, and nothing when neither does.
note = $(shell mkdir -p $B; echo '$2' | cmp -s - $B/$1 || echo '$2' >$B/$1)
NOW := $(CC) $(FLAGS) | $(H5_CFLAGS) | $(LINK) | $(LDLIBS) | $(VERSION) $(H5_VERSION)
ifdef H5_VERSION
$(call note,flags,$(NOW))
$(call note,sources,$(SRC))
endif

ifndef V
q = @printf '  %-5s %s\n' $1 $@;
endif

all: $B/oqfs

$B/oqfs: $B/fs/main.o $(if $(STATIC),$B/contrib/static/dl.o) $B/libfs.a $B/liboqfs.a
	$(call q,LD)$(LINK) -o $@ $^ $(LDLIBS)

$B/liboqfs.a: $(LIB)
$B/libfs.a: $(FS)
%.a: $B/sources
	$(call q,AR)rm -f $@; $(AR) rc $@ $(filter %.o,$^)

$B/%.o: %.c $B/flags
	$(call q,CC)mkdir -p $(@D) && $(CC) $(FLAGS) -MMD -MP -c -o $@ $<

# Only these may see <hdf5.h>; the others do not even have the path to it.
H5_USERS := $B/lib/hdf5/%.o $B/tests/make/%.o \
	$(foreach t,$(UNITS) $(FUZZ),$(if $(filter h5%,$(notdir $t)),$t.o))
$(H5_USERS): FLAGS += $(H5_CFLAGS)
# The last digit of what it computes is the engine's.
$B/lib/results/plane.o: FLAGS += -ffp-contract=off
$B/fs/%.o: FLAGS += -DFUSE_USE_VERSION=312 -DOQFS_VERSION='"$(VERSION)"' \
	-DOQFS_HDF5='"$(H5_VERSION)"'
$B/lib/columns/%.o: FLAGS += -DOQFS_VERSION='"$(VERSION)"'

$B/tests/make/far.o $B/tests/bench/zeros.o: FLAGS += -DFUSE_USE_VERSION=312

$(HELP): $B/%: $B/%.o
	$(call q,LD)$(LINK) -o $@ $^ $(LDLIBS)
$B/tests/make/mkparquet: $B/liboqfs.a

$(UNITS): $B/%: $B/%.o $B/libfs.a $B/liboqfs.a
	$(call q,LD)$(LINK) -o $@ $^ -lcmocka -lsz $(LDLIBS)

$(FUZZ): $B/%: $B/%.o $B/libfs.a $B/liboqfs.a
	$(call q,LD)$(LINK) -fsanitize=fuzzer -o $@ $^ -lcmocka $(LDLIBS)

# Good, bad and refused files, and in demo/ a data directory as the engine's.
$B/stores/done: $(HELP)
	$(call q,MK)rm -rf $(@D) && mkdir -p $(@D)/demo && \
		$B/tests/make/mkstores $(@D) && $B/tests/make/mkbad $(@D) && \
		$B/tests/make/mktypes $(@D) && \
		$B/tests/make/mkdemo $(@D)/demo && touch $@

$(CONFIG): contrib/setup contrib/hdf5 contrib/fuse contrib/newer
	@mkdir -p $(@D)
	@$(if $(filter no,$(SETUP)),:,contrib/setup build $(if $(NEWER),hdf5) \
		$(if $(STATIC),static))
	@HDF5_DIR='$(HDF5_DIR)' HDF5_OWN='$(STATIC)' contrib/hdf5 \
		build/deps$(if $(STATIC),-static) $(if $(NEWER),newer) >$@.new
	@$(if $(STATIC),contrib/fuse build/deps-fuse-static >>$@.new)
	@echo 'H5_ASKED := $(HDF5_DIR)' >>$@.new && mv $@.new $@

deps: build/config.mk
	@echo "HDF5 $(H5_VERSION): $(H5_HEADER); a newer one, if there is one:" \
		"make deps NEWER=yes"

# ---- tests -----------------------------------------------------------------

export OQFS = $(abspath $B/oqfs)
export STORES = $(abspath $B/stores)
export FUSE3_VERSION := $(shell $(PC) --modversion fuse3 2>/dev/null)
export CC B VERSION H5_VERSION CORPUS OQDATA
export CMOCKA_MESSAGE_OUTPUT = TAP
export H5_CFLAGS DEP_INC

# The unit tests run a second time under sanitizers, built beside the first.
SANCHECK := $(if $(SAN)$(O),,address,undefined)
SANUNITS := $(if $(SANCHECK),$(UNITS:build/%=build/san-address-undefined/%))
ALLTESTS := $(UNITS) $(SANUNITS) $(wildcard tests/*/*.t tests/*/*.bats)
TESTS    ?= %
named     = $(filter $1 %/$1 %/$1.t %/$1.bats,$(ALLTESTS))
NAMES     = $(TESTS:tests/%=%)
CHOSEN    = $(foreach t,$(NAMES),$(call named,$t))
UNKNOWN   = $(strip $(foreach t,$(NAMES),$(if $(call named,$t),,$t)))

check: setup
	@$(MAKE) --no-print-directory all units $(if $(SANUNITS),sanunits)
	@$(MAKE) --no-print-directory prove

prove: all units $B/tests/oracle/exhaustive $B/stores/done
	@$(if $(UNKNOWN),echo 'no test is named "$(UNKNOWN)"' >&2; exit 1)
	$(PROVE) --exec '' $(CHOSEN)

units: $(UNITS) $(HELP)

sanunits:
	@$(MAKE) --no-print-directory SAN=address,undefined units

soak: all
	$(PYTHON) -I tests/oracle/soak.py $B/oqfs $(CORPUS) $(MINUTES) $(SEED)

exhaustive: setup-test
	@$(MAKE) --no-print-directory $B/tests/oracle/exhaustive
	$B/tests/oracle/exhaustive $(DOUBLES)

$B/tests/oracle/exhaustive: tests/oracle/exhaustive.cc $B/liboqfs.a
	$(call q,LD)mkdir -p $(@D) && $(CXX) -std=c++17 -O2 -Wall -Wextra -I. $(SANF) -o $@ $^ -lpthread

# Names, sizes, slices, many at once, damage, deaths, other generations.
SANTESTS := 10-tree 11-names 12-readonly 23-slices 24-pictures 25-frames \
	34-lies 40-parallel 50-hostile 51-death 60-identity 70-users

sanitize: setup-sanitize
	@for s in address,undefined thread; do \
		$(MAKE) --no-print-directory SAN=$$s TESTS="$(SANTESTS) \
			$(notdir $(UNITS))" prove || exit 1; \
	done
	@$(MAKE) --no-print-directory units
	$(PROVE) --exec 'valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite' $(foreach t,$(VALTESTS),$(filter %/$t,$(UNITS)))
	@tests/mount/valgrind $(VALMOUNTS)

# What handles bytes of files and messages, and what calls libhdf5; and mounts,
# if valgrind knows the calls that they need.
VALTESTS := wire buf name filter codecs value h5open h5data h5labels
VALMOUNTS := 10-tree 11-names 12-readonly 21-views 28-inputs

conformance: all $B/stores/done
	$(PYTHON) tests/oracle/conformance.py

bench: setup-bench setup-npm all $B/tests/bench/bare $B/tests/bench/zeros $B/tests/make/far
	BARE=$B/tests/bench/bare ZEROS=$B/tests/bench/zeros FAR=$B/tests/make/far $(PYTHON) tests/bench/bench.py $B/oqfs $(BENCHDIR) $(TASK)

$B/tests/bench/zeros: $B/tests/bench/zeros.o
	$(call q,LD)$(LINK) -o $@ $^ $(LDLIBS)

$B/tests/bench/bare: $B/tests/bench/bare.o $B/liboqfs.a
	$(call q,LD)$(LINK) -o $@ $^ $(LDLIBS)

fuzz: setup-fuzz
	@$(MAKE) --no-print-directory O=build/fuzz \
		SAN=fuzzer-no-link,address,undefined fuzzers
	@rm -rf build/fuzz/seeds
	@$(PYTHON) -I tests/fuzz/seeds.py $(CORPUS) build/fuzz/seeds
	@for f in $(FUZZ:$B/%=build/fuzz/%); do \
		tests/fuzz/run $$f build/fuzz/seeds $(FUZZTIME) || exit 1; \
	done

fuzzers: $(FUZZ)

demo: setup-demo
	@$(MAKE) --no-print-directory all $B/stores/done
	@contrib/demo

analyze: setup-analyze
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
		--inline-suppr -I. lib fs
	clang-tidy --quiet $(LIBSRC) $(FSSRC) -- $(STD) $(DEP_INC) $(H5_CFLAGS) \
		-DFUSE_USE_VERSION=312 -DOQFS_VERSION='""' -DOQFS_HDF5='""'
	for f in $(LIBSRC) $(FSSRC); do gcc $(STD) -O2 -fanalyzer -c -o /dev/null \
		$(DEP_INC) $(H5_CFLAGS) -DFUSE_USE_VERSION=312 \
		-DOQFS_VERSION='""' -DOQFS_HDF5='""' $$f || exit 1; done

format:
	clang-format -i $(foreach d,lib fs tests,$(wildcard $d/*.[ch] $d/*/*.[ch])) \
		$(wildcard tests/unit/*/*/*.c)

setup:
	@$(if $(filter no,$(SETUP)),:,contrib/setup build test npm)
setup-%:
	@$(if $(filter no,$(SETUP)),:,contrib/setup $*)

# ---- the rest --------------------------------------------------------------

install uninstall deb: export PREFIX := $(PREFIX)
install uninstall deb: export DESTDIR := $(DESTDIR)

install: all
	contrib/install

uninstall:
	contrib/install -r

deb: all
	contrib/debian/build build/deb

check-deb: deb $B/stores/done
	contrib/debian/root '' contrib/debian/try build/deb/oqfs_$(VERSION)_*.deb
	contrib/debian/root '' contrib/debian/boot build/deb/oqfs_$(VERSION)_*.deb

check-bookworm check-forky check-trixie:
	contrib/debian/root $(@:check-%=%) contrib/debian/clean

static:
	@$(MAKE) --no-print-directory O=build/static STATIC=yes all

check-static: static
	@$(MAKE) --no-print-directory all $B/stores/done
	contrib/static/check build/static

TARBALL := build/oqfs-$(VERSION).tar.gz

dist:
	@mkdir -p build
	@git diff --quiet HEAD || echo 'not in it: what is not committed' >&2
	git archive --prefix=oqfs-$(VERSION)/ HEAD | gzip -9n >$(TARBALL).new
	@mv $(TARBALL).new $(TARBALL)

rpm: dist
	@$(if $(filter no,$(SETUP)),:,contrib/setup build rpm)
	contrib/rpm/build $(TARBALL) build/rpm

check-rpm: rpm
	@$(MAKE) --no-print-directory all
	contrib/rpm/check build/rpm/oqfs-$(VERSION)-*.rpm $(VERSION)

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

clean:
	find build -mindepth 1 -maxdepth 1 ! -name deps ! -name cache \
		-exec rm -rf {} +

-include $(foreach d,*/* */*/* */*/*/* */*/*/*/*,$(wildcard $B/$d.d))
FORCE:
.PHONY: all analyze bench check check-bookworm check-deb check-forky check-rpm \
	check-static check-trixie clean conformance deb demo deps dist \
	exhaustive format fuzz fuzzers help install prove rpm sanitize sanunits setup soak static \
	uninstall units FORCE
.DELETE_ON_ERROR:
.SECONDARY:
