#!/usr/bin/env bash
#
# PostgreSQL: an oid beside another integer, both passed as anycompatible, changes the other one.
#
# Expected: f(bigint, oid) on anycompatible arguments takes bigint for both, since bigint holds
# every oid and every integer; or refuses the mixture.
# Seen: oid is a preferred type of the numeric category, and the casts from smallint, integer and
# bigint to oid are implicit.  So both become oid: -1 arrives as 4294967295 without a word, and
# a bigint above the range of oid is an error although no oid was asked for.
# Likely since version 13, which has anycompatible.  Matters to whoever takes two keys "of any
# type that fits": the function cannot see what the first argument was.
#
# Exits with 0 while that is so.  Needs python3 with venv, and pip's usual registry.

set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q pgserver==0.1.4
"$work/venv/bin/python" - "$work/data" <<'PYTHON'
import sys
import pgserver

server = pgserver.get_server(sys.argv[1])
try:
    print(server.psql("SHOW server_version").strip())
    server.psql("CREATE FUNCTION pair(a anycompatible, b anycompatible) RETURNS text "
                "LANGUAGE sql AS $$ SELECT a::text || ' ' || pg_typeof(a)::text $$")
    seen = server.psql("SELECT pair(-1, 1::oid)")
    print(seen)
    alone = server.psql("SELECT pair(-1, 1::bigint)")
    print(alone)
    server.psql("CREATE FUNCTION tried() RETURNS text LANGUAGE plpgsql AS $$ BEGIN "
                "RETURN pair(5000000000, 1::oid); EXCEPTION WHEN others THEN RETURN SQLERRM; END $$")
    large = server.psql("SELECT tried()")
    print(large)
finally:
    server.cleanup()
sys.exit(not ("4294967295 oid" in seen and "-1 bigint" in alone and "OID out of range" in large))
PYTHON
