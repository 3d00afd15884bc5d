# check.mk: what compilers and checkers find.
#
#   make lint            gcc's and clang's warnings as errors, and cppcheck
#   make check-asan      pg_regress and damaged models in a server under the address and
#                        undefined-behaviour sanitizers, with assertions (not as root)
#   make check-valgrind  the same under valgrind; slow
#
# The sanitizers of the unit tests are in unit.mk, those of the fuzzers in fuzz.mk.

CHECK_DIR = test/check
LINT_BUILD = $(CHECK_DIR)/build
LINT_CLANG = $(or $(CLANG),clang)

# What cppcheck is not asked for, each with its reason, in cppcheck.txt.
CPPCHECK = cppcheck -q --error-exitcode=1 --inline-suppr --enable=warning,performance,portability \
	--suppressions-list=$(CHECK_DIR)/cppcheck.txt --std=c11 -j $(shell nproc)

# lint_rules: $(1) the name of a build, $(2) its compiler, $(3) further options
define lint_rules
$(LINT_BUILD)/$(1)/%: CC = $(2)

$(LINT_BUILD)/$(1)/src/core/%.o: src/core/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CORE_CFLAGS) -Werror $(3) -D_GNU_SOURCE -MMD -MP -MF $$(@:.o=.d) -c -o $$@ $$<

$(LINT_BUILD)/$(1)/src/pg/%.o: src/pg/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS) -Werror $(3) $$(CPPFLAGS) -MF $$(@:.o=.d) -c -o $$@ $$<

$(LINT_BUILD)/$(1)/test/%.o: test/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(CORE_CFLAGS) -Werror $(3) $$(UNIT_CPPFLAGS) -MMD -MP -MF $$(@:.o=.d) -c -o $$@ $$<

.PHONY: lint-$(1)
lint-$(1): $(addprefix $(LINT_BUILD)/$(1)/,$(OBJS) $(UNIT_SOURCES:%.c=$(UNIT_DIR)/%.o))

-include $$(wildcard $(LINT_BUILD)/$(1)/*/*/*.d)
endef

$(eval $(call lint_rules,gcc,gcc,))
$(eval $(call lint_rules,clang,$$(LINT_CLANG),$$(CLANG_SERVER_WARNINGS)))

.PHONY: lint lint-cppcheck check-asan check-valgrind
lint: lint-gcc lint-clang lint-cppcheck

lint-cppcheck:
	$(CPPCHECK) -D__x86_64__ src/core
	$(CPPCHECK) --library=$(CHECK_DIR)/postgres.cfg src/pg

check-asan check-valgrind: check-%:
	$(CHECK_DIR)/server.sh $* $(PG_CONFIG)
