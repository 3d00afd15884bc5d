#!/usr/bin/env bash
#
# Builds vgae for one PostgreSQL, warnings being errors, and runs the regression and TAP
# tests in it:
#
#   test/check/version.sh PG_CONFIG
#
# VERSION_TESTS=installcheck leaves the TAP tests out. Not as root.

set -euo pipefail

pg_config=$1
# shellcheck source=test/check/own_server.sh
. "$(dirname "${BASH_SOURCE[0]}")/own_server.sh"

run_tests() {
	local tests=${VERSION_TESTS:-installcheck check-tap} target

	for target in $tests; do
		"${make[@]}" -k "$target" PROVE_FLAGS=--directives 2>&1 | tee -a "$work/results" && continue
		find . -name regression.diffs -exec cat {} +
		return 1
	done
}

# As "19 regression tests, 226 TAP tests, 2 skipped". All have passed.
count_tests() {
	sed -nE 's/^[# ]*All ([0-9]+) tests passed.*/\1 regression tests/p
		s/^Files=[0-9]+, Tests=([0-9]+),.*/\1 TAP tests/p' "$work/results" | paste -sd, | sed 's/,/, /'
	grep -cE '# skip|skipped: ' "$work/results" | sed -n '/^0$/!s/$/ skipped/p'
}

version=$("$pg_config" --version)
echo "==> $version"
copy_server
build_and_install OPTFLAGS=-Werror
"${make[@]}" lint-clang >"$work/lint" 2>&1 || { cat "$work/lint"; exit 1; }
start_server
run_tests
stop_server
echo "$version with $(gcc --version | sed 1q): $(count_tests | paste -sd, | sed 's/,/, /g')"
