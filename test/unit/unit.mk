# unit.mk: tests of the numeric core, without a server (cmocka).
#
#   make unit            every test twice: in float, as shipped, and in double, where
#                        gradients can be checked sharply
#   make unit-asan       in float, under the address and undefined-behaviour sanitizers
#   make unit-tsan       in float, under the thread sanitizer: what uses threads
#   make unit-valgrind   in float, under valgrind; slow
#
# The core is compiled here with the compiler alone, not with PostgreSQL's flags:
# what does not build this way has learnt something of the server.
#
# UNIT_TESTS="test_sort test_topk" runs only these.

UNIT_DIR = test/unit
UNIT_BUILD = $(UNIT_DIR)/build

UNIT_SOURCES := $(notdir $(wildcard $(UNIT_DIR)/*.c))
UNIT_TESTS = $(basename $(sort $(filter test_%.c,$(UNIT_SOURCES))))
UNIT_SUPPORT := $(sort $(filter-out test_%.c,$(UNIT_SOURCES)))

UNIT_CPPFLAGS = -D_GNU_SOURCE -Isrc -DUNIT_FIXTURES='"$(UNIT_DIR)/fixture/"'
UNIT_LIBS = -lcmocka -ldl -lm -pthread
UNIT_SANITIZE = $(filter-out -O%,$(CORE_CFLAGS)) -O1 -fno-omit-frame-pointer

# unit_rules: $(1) the name of a build, $(2) its compiler options
define unit_rules
$(UNIT_BUILD)/$(1)/core/%.o: src/core/%.c
	@mkdir -p $$(@D)
	$$(CC) $(2) -g -Isrc -D_GNU_SOURCE -MMD -MP -c -o $$@ $$<

$(UNIT_BUILD)/$(1)/%.o: $(UNIT_DIR)/%.c
	@mkdir -p $$(@D)
	$$(CC) $(2) -g $$(UNIT_CPPFLAGS) -MMD -MP -c -o $$@ $$<

$(UNIT_BUILD)/$(1)/libcore.a: $(CORE_SOURCES:src/core/%.c=$(UNIT_BUILD)/$(1)/core/%.o)
	@rm -f $$@
	@$$(AR) crs $$@ $$^

$(UNIT_BUILD)/$(1)/test_%: $(UNIT_BUILD)/$(1)/test_%.o \
		$(UNIT_SUPPORT:%.c=$(UNIT_BUILD)/$(1)/%.o) $(UNIT_BUILD)/$(1)/libcore.a
	$$(CC) $(2) -o $$@ $$^ $$(UNIT_LIBS)

-include $$(wildcard $(UNIT_BUILD)/$(1)/*.d $(UNIT_BUILD)/$(1)/core/*/*.d)
endef

$(eval $(call unit_rules,float,$$(CORE_CFLAGS)))
$(eval $(call unit_rules,double,$$(CORE_CFLAGS) -DGAE_DOUBLE))
$(eval $(call unit_rules,asan,$$(UNIT_SANITIZE) -fsanitize=address$$(comma)undefined$$(comma)float-cast-overflow -fno-sanitize-recover=undefined$$(comma)float-cast-overflow))
$(eval $(call unit_rules,tsan,$$(UNIT_SANITIZE) -fsanitize=thread))
comma := ,

# Made on the way to a program, but worth keeping.
.SECONDARY:

# unit_run: run the programs $(1), each after the command $(2); fail if any did.
define unit_run
	@failed=; for program in $(1); do \
		echo "== $$program"; \
		$(2) $$program || failed="$$failed $$program"; \
	done; \
	if [ -n "$$failed" ]; then echo "unit tests failed:$$failed" >&2; exit 1; fi
endef

unit_programs = $(addprefix $(UNIT_BUILD)/$(1)/,$(UNIT_TESTS))

.PHONY: unit unit-asan unit-tsan unit-valgrind
unit: $(call unit_programs,float) $(call unit_programs,double)
	$(call unit_run,$^)

# UNIT_QUICK takes fewer samples where a test samples.
unit-asan: $(call unit_programs,asan)
	$(call unit_run,$^,env UNIT_QUICK=1)

unit-tsan: $(addprefix $(UNIT_BUILD)/tsan/,test_determinism test_graph test_parallel test_sort \
		test_topk test_topk_rounding)
	$(call unit_run,$^,env UNIT_QUICK=1)

unit-valgrind: $(call unit_programs,float)
	$(call unit_run,$^,env UNIT_QUICK=1 valgrind -q --error-exitcode=1 --leak-check=full)
