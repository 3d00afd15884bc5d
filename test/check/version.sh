#!/usr/bin/env bash
#
# Builds vgae for one PostgreSQL, warnings being errors, and runs the regression and TAP
# tests in it:
#
#   test/check/version.sh PG_CONFIG
#
# VERSION_TESTS=installcheck leaves the TAP tests out, PROVE_TESTS="test/t/…" takes only
# these. Not as root.

set -euo pipefail

pg_config=$1
# shellcheck source=test/check/own_server.sh
. "$(dirname "${BASH_SOURCE[0]}")/own_server.sh"

run_tests() {
	local tests=${VERSION_TESTS:-installcheck check-tap} target

	for target in $tests; do
		"${make[@]}" -k "$target" PROVE_FLAGS=--directives ${PROVE_TESTS:+"PROVE_TESTS=$PROVE_TESTS"} \
			2>&1 | tee -a "$work/results" && continue
		find . -name regression.diffs -exec cat {} +
		return 1
	done
}

# All have passed.
count_tests() {
	awk '/All [0-9]+ tests passed/ { sub(/.*All /, ""); regress = $1 }
		/^Files=[0-9]+, Tests=/ { sub(/.*Tests=/, ""); tap += $0 }
		/^ok [0-9]+ .*# (skip|SKIP)/ { skipped++; tap-- }
		/ skipped: / { skipped++ }
		END { print regress + 0 " regression tests, " tap + 0 " TAP tests, " skipped + 0 " skipped" }' "$work/results"
}

version=$("$pg_config" --version)
echo "==> $version"
copy_server
build_and_install OPTFLAGS=-Werror
"${make[@]}" lint-clang >"$work/lint" 2>&1 || { cat "$work/lint"; exit 1; }
start_server
run_tests
stop_server
echo "$version, $(gcc --version | sed 1q): $(count_tests)"
