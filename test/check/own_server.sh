# shellcheck shell=bash
#
# own_server.sh: for scripts that try vgae in a server of their own.  To be sourced.
#
# The server is a copy of the one that $pg_config belongs to, in a temporary directory: a
# server finds its libraries and shared files by where its program lies.  So nothing is
# installed into the real one, and no other server is touched.  Not as root.

: "${pg_config:?}"
source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=
bindir=

clean_up() {
	set +e
	[[ -n $work ]] || return
	[[ ! -e $work/data/postmaster.pid ]] || "$bindir/pg_ctl" -D "$work/data" -s -m immediate stop
	rm -rf "$work"
	work=
}
trap clean_up EXIT

# Sets $bindir: that of the copy, whose pg_config tells of the copy.
copy_server() {
	local root directory

	work=$(mktemp -d /tmp/vgae.XXXXXX)
	root=$work/root
	for directory in bindir pkglibdir sharedir; do
		directory=$("$pg_config" --$directory)
		mkdir -p "$root$(dirname "$directory")"
		cp -aL "$directory" "$root$(dirname "$directory")"
	done
	bindir=$root$("$pg_config" --bindir)
	rm "$bindir/pg_config"
	cat >"$bindir/pg_config" <<-END
		#!/bin/sh
		case \$1 in
			--bindir | --pkglibdir | --sharedir) printf %s '$root' ;;
		esac
		exec '$pg_config' "\$@"
	END
	chmod +x "$bindir/pg_config"
}

# In a copy of the tree, which becomes the current directory; with these arguments of make.
build_and_install() {
	mkdir "$work/tree"
	tar -C "$source_dir" --exclude=.git --exclude='*.o' --exclude='*.so' --exclude=build \
		--exclude=tmp_check -cf - . | tar -C "$work/tree" -xf -
	cd "$work/tree" || return
	make=(make -s PG_CONFIG="$bindir/pg_config" "$@")
	"${make[@]}" -j "$(nproc)"
	"${make[@]}" install
}

start_server() {
	export PATH=$bindir:$PATH PGHOST=$work PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	"$bindir/initdb" -D "$work/data" -U postgres -A trust --no-sync --locale=C.UTF-8 --encoding=UTF8 >/dev/null
	"$bindir/pg_ctl" -D "$work/data" -l "$work/log" -s -w -t 300 start \
		-o "-c listen_addresses='' -c unix_socket_directories=$work -c fsync=off"
}

stop_server() {
	"$bindir/pg_ctl" -D "$work/data" -s -m fast stop
}
