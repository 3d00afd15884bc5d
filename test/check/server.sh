#!/usr/bin/env bash
#
# Runs the regression tests and damaged models in a server under a sanitizer:
#
#   test/check/server.sh asan PG_CONFIG        address and undefined behaviour (gcc)
#   test/check/server.sh valgrind PG_CONFIG    slow
#
# Both with the server's assertions in our code. The server is a copy of PG_CONFIG's in
# a temporary directory, whose program "postgres" starts the real one under the tool; so
# every test runs as it always does. Not as root.

set -euo pipefail

tool=$1
pg_config=$2
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d /tmp/vgae.XXXXXX)
root=$work/root
reports=$work/report

clean_up() {
	set +e
	[[ ! -e $work/data/postmaster.pid ]] || "$bindir/pg_ctl" -D "$work/data" -s -m immediate stop
	rm -rf "$work"
}
trap clean_up EXIT

# Programs, libraries and shared files are found by where "postgres" lies.
copy_server() {
	local directory

	for directory in bindir pkglibdir sharedir; do
		directory=$("$pg_config" --$directory)
		mkdir -p "$root$(dirname "$directory")"
		cp -aL "$directory" "$root$(dirname "$directory")"
	done
	for directory in libdir includedir; do
		directory=$("$pg_config" --$directory)
		[[ -e $root$directory ]] || { mkdir -p "$(dirname "$root$directory")"; ln -s "$directory" "$root$directory"; }
	done
	bindir=$root$("$pg_config" --bindir)
	mv "$bindir/postgres" "$bindir/postgres.real"
}

# Writes the program "postgres": it runs the real one after the command in $@.
wrap_server() {
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$*" "$bindir/postgres.real" >"$bindir/postgres"
	chmod +x "$bindir/postgres"
}

build() {
	mkdir "$work/tree"
	tar -C "$source_dir" --exclude=.git --exclude='*.o' --exclude='*.so' --exclude=build \
		--exclude=tmp_check -cf - . | tar -C "$work/tree" -xf -
	cd "$work/tree"
	make=(make -s PG_CONFIG="$bindir/pg_config" HARDENING=
		OPTFLAGS="-O1 -g -fno-omit-frame-pointer -DUSE_ASSERT_CHECKING $*")
	"${make[@]}" -j "$(nproc)"
	"${make[@]}" install
}

start_server() {
	export PATH=$bindir:$PATH PGHOST=$work PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	initdb -D "$work/data" -U postgres -A trust --no-sync --locale=C.UTF-8 --encoding=UTF8 >/dev/null
	pg_ctl -D "$work/data" -l "$work/log" -s -w -t 300 start \
		-o "-c listen_addresses='' -c unix_socket_directories=$work -c fsync=off"
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
pg_ctl -D "$work/data" -s -m fast stop
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
