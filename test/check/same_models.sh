#!/usr/bin/env bash
#
# Proves that trainings and answers keep their bytes: trains more than 60 models by the
# extension that is installed in a running server (PGHOST and the like say which), and prints
# a line for each: its name, the SHA-256 of the model and the SHA-256 of all its answers.
#
#   same_models.sh               print the lines
#   same_models.sh compare FILE  compare with the lines in FILE: says which model or answers
#                                differ, with exit status 1
#   same_models.sh answers NAME  print what is asked of one model, and the answers
#
# The bytes belong to a type of machine, so both builds are to run on the same one. Cora and
# the digits are read from $VGAE_DATA, or from ../shared/data, and skipped without.

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=$(cd "${VGAE_DATA:-$here/../../../shared/data}" 2>/dev/null && pwd) || data=/nonexistent
database=vgae_same_models_$$

usage() {
	sed -n '3,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}

# The lines of all models or, with a name, the answers of one; in a database of their own.
lines() {
	local show=()

	[[ -z ${1:-} ]] || show=(-v show="$1")
	psql -Xq -d postgres -c "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'" >&2
	psql -X -d "$database" -v data="$here/../data" \
		-v cora="$data/cora" -v has_cora="$(readable "$data/cora/features.csv")" \
		-v digits="$data/digits" -v has_digits="$(readable "$data/digits/digits.csv")" \
		"${show[@]}" -f "$here/same_models.sql"
}

clean_up() {
	PGOPTIONS='-c client_min_messages=error' psql -Xq -d postgres -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >&2
	rm -f "$now"
}

readable() {
	[[ -r $1 ]] && echo true || echo false
}

# A model that only one side has is a difference, but for what either side skipped.
compare() {
	awk '
		function report(what) { print name ": " what; differences++ }
		/ skipped$/ { skipped[$1]; next }
		FNR == NR { model[$1] = $2; answers[$1] = $3; next }
		{
			name = $1; seen[name]
			if (!(name in model)) others[name]
			else if (model[name] != $2) report("another model")
			else if (answers[name] != $3) report("the same model, other answers")
			else same++
		}
		END {
			for (name in model) if (!(name in seen)) others[name]
			for (name in others) { data = name; sub(/-.*/, "", data); if (!(data in skipped)) report("only on one side") }
			printf "%d the same, %d differ\n", same, differences
			exit differences > 0 || same == 0
		}' "$1" "$2"
}

now=$(mktemp)
trap clean_up EXIT
case ${1:-print} in
	print) lines ;;
	answers) lines "${2:?which model}" ;;
	compare)
		[[ -r ${2:?which file} ]] || { echo "same_models.sh: cannot read $2" >&2; exit 2; }
		lines >"$now" || { cat "$now"; exit 1; }
		compare "$2" "$now"
		;;
	*) usage ;;
esac
