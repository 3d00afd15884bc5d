#!/usr/bin/env bash
#
# Apache AGE 1.8: id(a) is a graphid, which Cypher's own functions and the columns' types refuse.
#
# Expected: id(a) is an integer of Cypher, as in AGE 1.5: AS (i bigint), toString(id(a)),
# toInteger(id(a)) and id(a) % 1000 work.
# Seen in 1.8.0: "cannot cast type graphid to bigint for column …" where a column is declared
# bigint, "toString() unsupported argument type", "operator does not exist: graphid % agtype".
# AS (i text) works, and so does AS (i agtype) with i::bigint outside of cypher().
# Matters to whoever reads the ids of a graph into a bigint column by a query that ran before.
#
# Exits with 0 while that is so.  Needs root, mmdebstrap and Debian's archive; AGE 1.8.0~rc0-2 is
# the one of sid, and 1.5.0~rc0-3 that of trixie.

set -euo pipefail

# In a mount namespace of its own: whatever happens, nothing stays mounted below $work.
[[ ${AGE_UNSHARED:-} ]] || AGE_UNSHARED=yes exec unshare --mount bash "$0"

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
chmod 755 "$work"

# install SUITE PACKAGE=VERSION: a Debian of its own in $work/SUITE
install() {
	mmdebstrap --quiet --variant=apt --include="$2" --aptopt='Acquire::Check-Valid-Until "false"' \
		--setup-hook='mkdir -p "$1/etc/postgresql-common/createcluster.d"' \
		--setup-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.d/none.conf"' \
		"$1" "$work/$1" http://deb.debian.org/debian 2>"$work/$1.log" || { cat "$work/$1.log" >&2; return 1; }
}

# ask SUITE VERSION: what each query prints, an error included, in a server that is stopped again
ask() {
	cat >"$work/$1/tmp/queries.sql" <<-'SQL'
		SET client_min_messages = warning;
		CREATE EXTENSION age;
		LOAD 'age';
		SET search_path = ag_catalog, public;
		SELECT extversion FROM pg_extension WHERE extname = 'age';
		SELECT create_graph('graph');
		SELECT * FROM cypher('graph', $$ CREATE (:Node) $$) AS (nothing agtype);
		SELECT 'bigint', * FROM cypher('graph', $$ MATCH (a) RETURN id(a) $$) AS (i bigint);
		SELECT 'toString', * FROM cypher('graph', $$ MATCH (a) RETURN toString(id(a)) $$) AS (i text);
		SELECT 'modulo', * FROM cypher('graph', $$ MATCH (a) RETURN id(a) % 1000 $$) AS (i agtype);
		SELECT 'text', * FROM cypher('graph', $$ MATCH (a) RETURN id(a) $$) AS (i text);
		SELECT 'cast', i::bigint FROM cypher('graph', $$ MATCH (a) RETURN id(a) $$) AS (i agtype);
	SQL
	chroot --userspec=postgres "$work/$1" env -i HOME=/tmp LC_ALL=C.UTF-8 PATH="/usr/lib/postgresql/$2/bin:/usr/bin:/bin" sh -ec '
		initdb -D /tmp/data -U postgres -A trust --no-sync >/dev/null
		pg_ctl -D /tmp/data -l /tmp/log -s -w start -o "-c listen_addresses= -c unix_socket_directories=/tmp -c dynamic_shared_memory_type=mmap"
		psql -XAtq -h /tmp -U postgres -f /tmp/queries.sql 2>&1 || true
		pg_ctl -D /tmp/data -s -m fast stop'
}

install trixie postgresql-17-age=1.5.0~rc0-3+b1
install sid postgresql-18-age=1.8.0~rc0-2
before=$(ask trixie 17)
now=$(ask sid 18)
printf '%s\n' "$before" '' "$now"

grep -q '^bigint|[0-9]' <<<"$before"
grep -q '^toString|[0-9]' <<<"$before"
grep -q '^modulo|[0-9]' <<<"$before"
grep -q 'cannot cast type graphid to bigint' <<<"$now"
grep -q 'toString() unsupported argument type' <<<"$now"
grep -q 'operator does not exist: graphid % agtype' <<<"$now"
grep -q '^text|[0-9]' <<<"$now"
grep -q '^cast|[0-9]' <<<"$now"
