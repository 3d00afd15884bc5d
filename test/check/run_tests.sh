# shellcheck shell=bash disable=SC2154 # variables and functions of quickstart.sh
#
# run_tests.sh: what "quickstart.sh test" does, which reads this file: all tests on a
# throw-away server, and how many of them passed and failed.

passed=0 failed=0 skipped=0

run_tests() {
	local data

	data=$(cd "${VGAE_DATA:-$source_dir/../shared/data}" 2>/dev/null && pwd) ||
		[[ -z ${VGAE_DATA:-} ]] || die "VGAE_DATA: there is no directory $VGAE_DATA"
	set_up libcmocka-dev libipc-run-perl perl cppcheck libclang-rt-dev \
		debhelper git postgresql-server-dev-all rpm
	install_offered ${version:+"postgresql-$version-cron"} \
		python3-psycopg python3-psycopg2 python3-sqlalchemy python3-pandas
	if [[ -n $data ]]; then
		copy "$data" "$home/shared" "${unprivileged[@]}"
		export VGAE_DATA=$home/shared
	fi

	run_part 'unit tests' count_cmocka "${make[@]}" unit
	run_part 'compilers and checkers' count_checks "${make[@]}" -k -j "$(nproc)" lint
	run_part 'fuzzers' count_checks "${make[@]}" fuzz FUZZ_SECONDS=10
	run_part 'regression tests' count_pg_regress "${make[@]}" installcheck
	run_part 'TAP tests' count_prove "${make[@]}" check-tap PROVE_FLAGS=--directives

	printf '\n%d passed, %d failed' "$passed" "$failed"
	((skipped == 0)) || printf ', %d skipped' "$skipped"
	echo
	((failed == 0))
}

# Runs one part and adds up its tests. Going wrong without a failed test, or
# without any test, counts as a failure.
run_part() {
	local name=$1 count=$2 status=0 p f s

	shift 2
	say "Running the $name"
	run "${unprivileged[@]}" "$@" || status=$?
	read -r p f s < <("$count" "$log")
	((status == 0)) || find . -name regression.diffs -exec cat {} +
	if ((status != 0 && f == 0)); then
		echo "The $name ended with exit status $status."
		f=1
	elif ((p + f == 0)); then
		echo "The $name did not run a single test."
		f=1
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# Each prints how many tests passed, failed and were skipped, by the log $1.

count_cmocka() {
	awk '/^\[  PASSED  \] [0-9]+ test/ { p += $4 }
		/^ *[0-9]+ FAILED TEST\(S\)/ { f += $1 }
		/^ *[0-9]+ SKIPPED TEST\(S\)/ { s += $1 }
		END { print p + 0, f + 0, s + 0 }' "$1"
}

count_checks() {
	awk '/^(lint by|fuzz of) .*: ok$/ { p++ }
		/^(lint by|fuzz of) .*: skipped/ { s++ }
		END { print p + 0, 0, s + 0 }' "$1"
}

count_pg_regress() { # which prints "name ... ok" up to version 15, TAP since
	awk '/ \.\.\. ok( |$)/ || /^ok [0-9]/ { p++ }
		/ \.\.\. FAILED/ || /^not ok [0-9]/ { f++ }
		END { print p + 0, f + 0, 0 }' "$1"
}

count_prove() { # its summary, and the skipped tests that --directives shows
	awk '/^Files=[0-9]+, Tests=[0-9]+/ { sub(/.*Tests=/, ""); t += $0 }
		/\(Wstat: .* Failed: [0-9]+\)$/ { sub(/.*Failed: /, ""); f += $0 }
		/^ok [0-9]+ .*# (skip|SKIP)/ { s++; t-- }
		/ skipped: / { s++ }
		END { print t - f, f + 0, s + 0 }' "$1"
}
