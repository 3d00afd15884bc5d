#!/usr/bin/env bash
#
# Runs the regression tests and damaged models in a server under a sanitizer:
#
#   test/check/server.sh asan PG_CONFIG        address and undefined behaviour (gcc)
#   test/check/server.sh valgrind PG_CONFIG    slow
#
# Both with the server's assertions in our code. The program "postgres" of the server's
# copy starts the real one under the tool; so every test runs as it always does. Not as
# root.

set -euo pipefail

tool=$1
pg_config=$2
# shellcheck source=test/check/own_server.sh
. "$(dirname "${BASH_SOURCE[0]}")/own_server.sh"

# Writes the program "postgres": it runs the real one after the command in $@.
wrap_server() {
	mv "$bindir/postgres" "$bindir/postgres.real"
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$*" "$bindir/postgres.real" >"$bindir/postgres"
	chmod +x "$bindir/postgres"
}

build() {
	build_and_install HARDENING= OPTFLAGS="-O1 -g -fno-omit-frame-pointer -DUSE_ASSERT_CHECKING $*"
}

run_tests() {
	"${make[@]}" installcheck || { cat regression.diffs; return 1; }
	HOSTILE_MODELS=${HOSTILE_MODELS:-300} "${make[@]}" check-tap PROVE_TESTS=test/t/008_hostile_bytes.pl
}

# Of what valgrind says of the server, only what has a frame of ours.
ours() {
	awk -v RS='==[0-9]+== \n' '/\/src\/(core|pg)\//' "$@"
}

copy_server
reports=$work/report
case $tool in
	asan)
		gcc -shared -fPIC -o "$work/no_textdomain.so" "$source_dir/test/check/no_textdomain.c"
		wrap_server env LD_PRELOAD="$(gcc -print-file-name=libasan.so):$work/no_textdomain.so" \
			ASAN_OPTIONS="log_path=$reports:detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1"
		build -fsanitize=address,undefined -fno-sanitize-recover=undefined
		;;
	valgrind)
		wrap_server valgrind -q --log-file="$reports.%p" --fullpath-after= --num-callers=20
		build
		;;
esac
start_server
status=0
run_tests || status=$?
stop_server
for report in "$reports".*; do
	[[ -s $report ]] || continue
	if [[ $tool == asan ]]; then cat "$report"; else ours "$report"; fi
done >"$work/findings"
grep -s -A 20 'runtime error' "$work/log" "$work"/tree/tmp_check/log/*.log >>"$work/findings" || true # UBSAN's
if [[ -s $work/findings ]]; then
	cat "$work/findings"
	status=1
fi
((status != 0)) || echo "$tool: nothing found"
exit "$status"
