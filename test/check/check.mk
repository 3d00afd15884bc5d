# check.mk: what compilers and checkers find.
#
#   make lint            gcc's and clang's warnings as errors, cppcheck, and the order of the
#                        sources, their sizes and words: see structure.pl
#   make check-asan      pg_regress and damaged models in a server under the address and
#                        undefined-behaviour sanitizers, with assertions (not as root)
#   make check-valgrind  the same under valgrind; slow
#   make check-versions  build without warnings for several versions of PostgreSQL, and
#                        pg_regress and TAP tests in each: PG_CONFIGS="..." (not as root)
#   make same-models     the SHA-256 of more than 60 models, and of their answers, by the
#                        extension in a running server; SAME_MODELS=FILE compares with what
#                        another build printed: see same_models.sh
#
# The sanitizers of the unit tests are in unit.mk, those of the fuzzers in fuzz.mk.

CHECK_DIR = test/check
LINT_BUILD = $(CHECK_DIR)/build
LINT_CLANG = $(or $(CLANG),clang)

# What is suppressed: legacyUninitvar takes a field of an initialiser for the variable of
# the same name; uninitvar an array for read of which no element is, yet;
# bufferAccessOutOfBounds a vector for one of its elements; and
# normalCheckLevelMaxBranches is no finding.
CPPCHECK = cppcheck -q --error-exitcode=1 --std=c11 -D__GNUC__ -D__x86_64__ -Isrc \
	--enable=warning,performance,portability --suppress=legacyUninitvar \
	--suppress=uninitvar:src/core/plot/plot_points.c \
	--suppress=bufferAccessOutOfBounds:src/core/linalg/vector_kernel.h \
	--suppress=normalCheckLevelMaxBranches

has = $(shell command -v $(1))
lint_end = @echo 'lint by $(1): $(if $(call has,$(2)),ok,skipped$(comma) since it is not installed)'

# lint_rules: $(1) the name of a build, $(2) its compiler, $(3) its options
define lint_rules
$(LINT_BUILD)/$(1)/%: CC = $(2)

$(LINT_BUILD)/$(1)/src/core/%.o: src/core/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CORE_CFLAGS) -Isrc -Werror $(3) -D_GNU_SOURCE -MMD -MP -MF $$(@:.o=.d) -o $$@ $$<
	@touch $$@

$(LINT_BUILD)/$(1)/src/pg/%.o: src/pg/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) -Werror $(3) $$(CPPFLAGS) -MF $$(@:.o=.d) -o $$@ $$<
	@touch $$@

$(LINT_BUILD)/$(1)/test/%.o: test/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CORE_CFLAGS) -Werror $(3) $$(UNIT_CPPFLAGS) -MMD -MP -MF $$(@:.o=.d) -o $$@ $$<
	@touch $$@

.PHONY: lint-$(1)
lint-$(1): $$(if $$(call has,$(2)),$(addprefix $(LINT_BUILD)/$(1)/,$(OBJS) $(UNIT_SOURCES:%.c=$(UNIT_DIR)/%.o)))
	$$(call lint_end,$(1),$(2))

-include $$(wildcard $(LINT_BUILD)/$(1)/*/*/*.d $(LINT_BUILD)/$(1)/*/*/*/*.d)
endef

# gcc sees some things only when it optimises; what clang warns for, it sees before.
$(eval $(call lint_rules,gcc,gcc,-c))
$(eval $(call lint_rules,clang,$$(LINT_CLANG),-fsyntax-only -Wno-unused-command-line-argument $$(CLANG_SERVER_WARNINGS)))

.PHONY: lint lint-cppcheck check-asan check-valgrind check-versions
lint: lint-gcc lint-clang lint-cppcheck lint-structure

lint-cppcheck:
	$(if $(call has,cppcheck),$(CPPCHECK) src/core)
	$(if $(call has,cppcheck),$(CPPCHECK) --include=$(CHECK_DIR)/cppcheck.h --library=posix src/pg)
	$(call lint_end,cppcheck,cppcheck)

# By the objects of the build, of which nm tells who calls whom.
.PHONY: lint-structure
lint-structure: $(if $(call has,perl),$(OBJS))
	$(if $(call has,perl),CC='$(CC)' perl $(CHECK_DIR)/structure_test.pl >/dev/null)
	$(if $(call has,perl),perl $(CHECK_DIR)/structure.pl)
	$(call lint_end,structure,perl)

check-asan check-valgrind: check-%:
	$(CHECK_DIR)/server.sh $* $(PG_CONFIG)

.PHONY: same-models
same-models:
	@PATH="$(bindir):$$PATH" $(CHECK_DIR)/same_models.sh $(if $(SAME_MODELS),compare '$(SAME_MODELS)')

# Where Debian and its derivatives have them.
PG_CONFIGS = $(wildcard /usr/lib/postgresql/*/bin/pg_config)

check-versions:
	@[ -n "$(PG_CONFIGS)" ] || { echo 'check-versions: no PostgreSQL found; give PG_CONFIGS="..."' >&2; exit 1; }
	@failed=; for config in $(PG_CONFIGS); do \
		$(CHECK_DIR)/version.sh $$config || failed="$$failed $$config"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed:$$failed" >&2; exit 1; fi
