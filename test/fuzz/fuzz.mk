# fuzz.mk: hostile bytes.
#
#   make fuzz            libFuzzer (clang, libclang-rt-dev) with the address and undefined-behaviour
#                        sanitizers, on the reader of models, on that of keys and on the
#                        texts of pictures, for FUZZ_SECONDS (60) each
#   make fuzz-coverage   how many of the readers' lines the corpus and what was found so
#                        far reach; an error below FUZZ_COVERAGE (95) per cent
#   make fuzz-corpus     the committed corpus anew, from models that the server of PGHOST
#                        and so on trains in a database of its own
#   make fuzz-server     100 000 damaged models through every SQL function (not as root)
#
# What a run finds is kept in $(FUZZ_BUILD)/found, and the next one goes on from it. An
# input that fails becomes $(FUZZ_BUILD)/TARGET-crash-HASH: give it to the program to
# repeat it.

FUZZ_DIR = test/fuzz
FUZZ_BUILD = $(FUZZ_DIR)/build
FUZZ_CC = $(or $(CLANG),clang)
FUZZ_SECONDS = 60
FUZZ_COVERAGE = 95
FUZZ_TARGETS = fuzz_model fuzz_keys fuzz_picture

# Sources whose lines count: what reads bytes.
FUZZ_READERS = $(addprefix src/core/,model/format.c model/sections.c model/codec.c model/codec.h \
	base/bytes.h model/known_edges.c model/checksum.c plot/svg.c) \
	$(addprefix src/pg/,base/blob.c keys/key_index.c input/feature_schema.c)

# fuzz_keys: these files of the PostgreSQL side, and what they need of a server.
FUZZ_PG_OBJECTS = base/blob.o keys/key_index.o keys/key_finder.o input/feature_schema.o fuzz_keys.o \
	server_stub.o
FUZZ_PG_CPPFLAGS = $(CPPFLAGS) -U_FORTIFY_SOURCE
FUZZ_PG_CFLAGS = -Wno-unused-parameter -Wno-sign-compare $(CLANG_SERVER_WARNINGS)
FUZZ_PG_LIBS = -L$(pkglibdir) -L$(libdir) -lpgcommon -lpgport

# fuzz_rules: $(1) the name of a build, $(2) its compiler options
define fuzz_rules
$(call unit_rules,$(1),$(2))

$(UNIT_BUILD)/$(1)/%: CC = $$(FUZZ_CC)

$(UNIT_BUILD)/$(1)/%.o: $(FUZZ_DIR)/%.c
	@mkdir -p $$(@D)
	$$(CC) $(2) -g $$(UNIT_CPPFLAGS) -iquote $(UNIT_DIR) -MMD -MP -c -o $$@ $$<

$(UNIT_BUILD)/$(1)/pg/%.o: src/pg/%.c
	@mkdir -p $$(@D)
	$$(CC) $(2) -g $$(FUZZ_PG_CFLAGS) $$(FUZZ_PG_CPPFLAGS) -c -o $$@ $$<

$(UNIT_BUILD)/$(1)/pg/%.o: $(FUZZ_DIR)/%.c
	@mkdir -p $$(@D)
	$$(CC) $(2) -g $$(FUZZ_PG_CFLAGS) $$(FUZZ_PG_CPPFLAGS) -c -o $$@ $$<

$(addprefix $(UNIT_BUILD)/$(1)/,fuzz_model fuzz_picture): %: %.o \
		$(UNIT_SUPPORT:%.c=$(UNIT_BUILD)/$(1)/%.o) $(UNIT_BUILD)/$(1)/libcore.a
	$$(CC) $(2) -fsanitize=fuzzer -o $$@ $$^ $$(UNIT_LIBS)

$(UNIT_BUILD)/$(1)/fuzz_keys: $(addprefix $(UNIT_BUILD)/$(1)/pg/,$(FUZZ_PG_OBJECTS))
	$$(CC) $(2) -fsanitize=fuzzer -o $$@ $$^ $$(FUZZ_PG_LIBS)

-include $$(wildcard $(UNIT_BUILD)/$(1)/pg/*.d $(UNIT_BUILD)/$(1)/pg/*/*.d)
endef

FUZZ_INSTRUMENT = $(UNIT_SANITIZE) -fsanitize=fuzzer-no-link
# A number too large for the integer that it becomes is not among the "undefined".
FUZZ_SANITIZE = -fsanitize=address,undefined,float-cast-overflow \
	-fno-sanitize-recover=undefined,float-cast-overflow
$(eval $(call fuzz_rules,fuzz,$$(FUZZ_INSTRUMENT) $$(FUZZ_SANITIZE)))
$(eval $(call fuzz_rules,coverage,$$(FUZZ_INSTRUMENT) -fprofile-instr-generate -fcoverage-mapping))

# Its kernels are large functions, with which clang would be busy for minutes; make
# unit-asan checks them by gcc.
$(UNIT_BUILD)/fuzz/core/linalg/vector.o: FUZZ_SANITIZE = -fsanitize=address

fuzz_found = $(FUZZ_BUILD)/found/$(1)
fuzz_corpora = $(call fuzz_found,$(1)) $(FUZZ_DIR)/corpus/$(1)

fuzz_runtime = $(wildcard $(shell $(FUZZ_CC) -print-resource-dir 2>/dev/null)/lib/*/libclang_rt.fuzzer*)

.PHONY: fuzz fuzz-skipped fuzz-coverage fuzz-corpus fuzz-server
fuzz: $(if $(fuzz_runtime),$(addprefix fuzz-run-,$(FUZZ_TARGETS)),fuzz-skipped)

fuzz-run-%: $(UNIT_BUILD)/fuzz/%
	@mkdir -p $(call fuzz_found,$*)
	$< -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -print_final_stats=1 -verbosity=0 \
		-artifact_prefix=$(FUZZ_BUILD)/$*- $(call fuzz_corpora,$*)
	@echo 'fuzz of $*: ok'

fuzz-skipped:
	@echo 'fuzz of all: skipped, since there is no clang with libFuzzer'

llvm = $(shell $(FUZZ_CC) -print-prog-name=$(1))

fuzz-coverage: $(addprefix $(UNIT_BUILD)/coverage/,$(FUZZ_TARGETS))
	@mkdir -p $(foreach target,$(FUZZ_TARGETS),$(call fuzz_found,$(target)))
	$(foreach target,$(FUZZ_TARGETS),LLVM_PROFILE_FILE=$(FUZZ_BUILD)/$(target).profraw \
		$(UNIT_BUILD)/coverage/$(target) -runs=0 -verbosity=0 $(call fuzz_corpora,$(target)) &&) \
	$(call llvm,llvm-profdata) merge -o $(FUZZ_BUILD)/profile $(FUZZ_TARGETS:%=$(FUZZ_BUILD)/%.profraw)
	$(call llvm,llvm-cov) report $(firstword $^) $(addprefix -object ,$(wordlist 2,9,$^)) \
		-instr-profile=$(FUZZ_BUILD)/profile $(FUZZ_READERS) | tee $(FUZZ_BUILD)/coverage.txt
	@awk '/^TOTAL/ { print "lines reached: " $$10; exit !($$10 + 0 >= $(FUZZ_COVERAGE)) }' \
		$(FUZZ_BUILD)/coverage.txt

fuzz-corpus: all
	perl $(FUZZ_DIR)/corpus.pl

# ---- in a server

# SQL function damage(): a module of its own, so that no server of a user has it.
$(FUZZ_BUILD)/damage.so: $(FUZZ_DIR)/damage_sql.c $(UNIT_DIR)/damage.c src/core/model/checksum.c \
		$(wildcard $(UNIT_DIR)/*.h src/core/*/*.h)
	@mkdir -p $(@D)
	$(CC) $(filter-out -M%,$(CFLAGS) $(CPPFLAGS)) -Isrc -iquote $(UNIT_DIR) \
		-fPIC -shared -o $@ $(filter %.c,$^)

check-tap: $(FUZZ_BUILD)/damage.so

fuzz-server:
	HOSTILE_MODELS=$(or $(HOSTILE_MODELS),100000) $(MAKE) check-tap \
		PROVE_TESTS=test/t/008_hostile_bytes.pl PROVE_FLAGS=-v
