# vgae: graph autoencoders inside PostgreSQL.
#
#   make                 build for the server that pg_config belongs to
#   make install         install (as a user who may write there)
#   make installcheck    pg_regress against a running server
#   make unit            the numeric core's own tests, without a server
#   make check-tap       tests that start servers of their own (not as root)
#   make fuzz            hostile bytes: see test/fuzz/fuzz.mk
#   make lint            what compilers and checkers find: see test/check/check.mk
#   make same-models     proves that a change keeps the bytes of models and answers
#   make check-versions  builds without warnings for several versions of PostgreSQL, and
#                        all tests in each (not as root): PG_CONFIGS="..."
#   make check-cancel    how soon every phase stops: 200 cancels of each (not as root;
#                        an hour and a half). CANCELS=20 is a quick look, and
#                        PHASES="training|all pairs" THREADS=2 takes only these
#   make check-crash     one of them, with 50 crashes of each kind
#   make check-signals   another, with 10000 signals of each kind and build of OpenBLAS
#   make pictures        the pictures in docs, made anew by a running server
#   make check-pictures  pictures of many models as a browser shows them (chromium)
#   make bench           the installed extension against its peers: see test/bench
#   make dist            vgae-X.Y.Z.zip (for PGXN) and .tar.gz of the commit
#   make check-deb       the Debian package, from a bare system to predicted links: see
#                        test/packages/packages.mk, also for check-rpm and check-docker
#
# BENCH="cora reading" measures only these, BENCH_FLAGS=--quick at small sizes.
#
# OPTFLAGS adds compiler options, for instance OPTFLAGS=-march=native for a build
# that stays on this machine; without it the build runs on any machine of its
# architecture and chooses faster kernels when it runs.

EXTENSION = vgae
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" vgae.control)

MODULE_big = vgae
CORE_SOURCES := $(sort $(wildcard src/core/*/*.c))
PG_SOURCES := $(sort $(wildcard src/pg/*/*.c))
OBJS = $(CORE_SOURCES:.c=.o) $(PG_SOURCES:.c=.o)

# The install script is made of sql/install, where a topic has a file; beside it lie the
# scripts of former versions and the upgrades.
DATA_built = vgae--$(EXTVERSION).sql
DATA = $(filter-out sql/$(DATA_built),$(wildcard sql/vgae--*.sql))

REGRESS = init $(filter-out init,$(sort $(basename $(notdir $(wildcard test/sql/*.sql)))))
REGRESS_OPTS = --inputdir=test --outputdir=. --load-extension=plpgsql

# -fno-math-errno and -fno-trapping-math change no result; they let the compiler
# turn the elementwise loops into vector code.
OPTFLAGS =
CORE_CFLAGS = -std=gnu11 -O3 -fno-math-errno -fno-trapping-math -Wall -Wextra $(OPTFLAGS)
PG_CPPFLAGS = -Isrc -DVGAE_VERSION='"$(EXTVERSION)"' -MMD -MP

# What the server's own headers and flags are warned for: callbacks and macros with
# parameters that they do not use, signs in array.h and, by clang, options of the
# gcc that the server was built with.
CLANG_SERVER_WARNINGS = -Wno-ignored-attributes -Wno-ignored-optimization-argument \
	-Wno-unknown-warning-option
SERVER_WARNINGS = -Wno-unused-parameter -Wno-sign-compare \
	$(if $(findstring clang,$(CC)),$(CLANG_SERVER_WARNINGS))
PG_CFLAGS = -Wextra $(SERVER_WARNINGS) $(OPTFLAGS)
SHLIB_LINK = -pthread -ldl -lm

EXTRA_CLEAN = $(OBJS:.o=.d) built_for test/unit/build test/fuzz/build test/check/build test/bench/build/limits \
	test/bench/build/decoder test/pictures/build test/t/handler_probe.so test/t/next_oid.so \
	results regression.diffs regression.out tmp_check

# The functions are too large to gain from being inlined into JIT code.
override with_llvm = no

PG_CONFIG = pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# What was built for one server is built anew for another one. But make install does not do
# so: with sudo, the PATH may have another pg_config than that of the user who has built.
SERVER := $(shell $(PG_CONFIG) --version) in $(pkglibdir)
BUILT_FOR := $(shell cat built_for 2>/dev/null)
ifneq ($(BUILT_FOR),$(SERVER))
.PHONY: built_for
ifneq ($(and $(BUILT_FOR),$(filter install,$(firstword $(MAKECMDGOALS)))),)
$(error vgae was built for $(BUILT_FOR), not for $(SERVER): give make install the PG_CONFIG of the build, or run make clean and make with this one)
endif
endif

$(OBJS): built_for
built_for:
	@echo '$(SERVER)' >$@

INSTALL_PARTS = sql/install/assemble.awk sql/install/training_arguments.txt \
	$(sort $(wildcard sql/install/*.sql))
$(DATA_built): $(INSTALL_PARTS) sql/install vgae.control
	awk -f $(INSTALL_PARTS) >$@

# The core is compiled as the unit tests compile it, knowing nothing of PostgreSQL,
# but hardened as the server is, and with debugging symbols where it has them: Debian
# and RPM put them into packages of their own.
HARDENING = $(filter -fstack-protector% -D_FORTIFY_SOURCE%,$(CFLAGS) $(CPPFLAGS))
DEBUGGING = $(filter -g -ffile-prefix-map=%,$(CFLAGS))
src/core/%.o: src/core/%.c
	$(CC) $(CORE_CFLAGS) -Isrc $(HARDENING) $(DEBUGGING) -D_GNU_SOURCE -fPIC -fvisibility=hidden -MMD -MP -c -o $@ $<

-include $(OBJS:.o=.d)

-include test/unit/unit.mk
-include test/fuzz/fuzz.mk
-include test/check/check.mk
-include test/packages/packages.mk

# Preloaded into a server by a test.
test/t/handler_probe.so: test/t/handler_probe.c
	$(CC) -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -fPIC -shared -o $@ $< -ldl

# Loaded into a server by a test.
test/t/next_oid.so: test/t/next_oid.c
	$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(CFLAGS_SL) -shared -o $@ $<

.PHONY: check-tap check-crash check-signals
check-tap: PROVE_TESTS = $(sort $(wildcard test/t/*.pl))
check-tap: test/t/handler_probe.so test/t/next_oid.so
	$(prove_installcheck)

check-crash:
	VGAE_CRASHES=50 $(MAKE) check-tap PROVE_TESTS=test/t/010_crash.pl

check-signals:
	VGAE_SIGNALS=10000 $(MAKE) check-tap PROVE_TESTS=test/t/013_threads.pl

.PHONY: pictures check-pictures
pictures:
	psql -Xq -f docs/pictures/pictures.sql

check-pictures:
	python3 test/pictures/check.py test/pictures/build

.PHONY: check-cancel
check-cancel: CANCELS = 200
check-cancel: PHASES = .
check-cancel: THREADS = 1 2
check-cancel: export VGAE_CANCELS = $(CANCELS)
check-cancel: export VGAE_CANCEL_PHASES = $(PHASES)
check-cancel: export VGAE_CANCEL_THREADS = $(THREADS)
check-cancel: PROVE_TESTS = test/t/003_cancel.pl
check-cancel:
	$(prove_installcheck)

.PHONY: bench
bench: all
	python3 test/bench/bench.py --pg-config $(PG_CONFIG) $(BENCH_FLAGS) $(BENCH)

.PHONY: quality
quality: all
	python3 test/bench/quality/quality.py --pg-config $(PG_CONFIG) $(QUALITY_FLAGS)

# Of what is committed, so that nothing stands in the archives that nobody can look up;
# the same bytes whoever makes them, for any time zone and umask.
DIST = $(EXTENSION)-$(EXTVERSION)
.PHONY: dist
dist:
	@test -z "$$(git status --porcelain)" || { echo 'make dist: commit your changes first' >&2; exit 1; }
	TZ=UTC git archive --format=zip --prefix=$(DIST)/ --output=$(DIST).zip HEAD
	git -c tar.umask=0022 archive --format=tar.gz --prefix=$(DIST)/ --output=$(DIST).tar.gz HEAD
