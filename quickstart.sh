#!/usr/bin/env bash
#
# From a bare Debian to predicted links (demo), or to all tests passed (test).
#
# What needs a server gets a throw-away one in a temporary directory. It is
# stopped and removed however this script ends; no other server is touched.

set -euo pipefail
umask 022
unset CDPATH

usage() {
	cat <<'END'
Usage: ./quickstart.sh demo    build and install vgae, train on two small graphs, show the results
       ./quickstart.sh test    build and install vgae, run all of its tests
       ./quickstart.sh help    show this

Missing Debian packages are installed first; that, and installing vgae, needs
root or sudo. Your own database clusters are left alone.

Environment:
  PG_CONFIG   the PostgreSQL to build for, as /usr/lib/postgresql/15/bin/pg_config
              (default: the newest server installed, else the newest that apt offers)
  VGAE_DATA   directory with the data sets of the larger tests, which are skipped
              without it (default: ../shared/data)
END
}

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pg_config=${PG_CONFIG:-}
bindir=         # where the programs of that PostgreSQL are
version=        # its major version, when it is the one of Debian's packages
work=           # temporary directory, the caller's
home=           # directory in it for what runs unprivileged: tests and servers
log=            # output of the latest command
step=           # the running command, leader of its own session
lists_fresh=    # set after apt-get update
temporary=()    # system files to take away again
unprivileged=() # prefix for commands that must not run as root
make=()         # make for that PostgreSQL

# ---- Helpers

say() {
	printf '\n==> %s\n' "$*"
}

die() {
	printf '\nquickstart.sh: %s\n' "$*" >&2
	exit 1
}

show_log_and_die() {
	cat "$log" >&2
	die "$*"
}

as_root() {
	if ((EUID == 0)); then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		echo "'$*' needs root: run this as root, or install sudo" >&2
		return 1
	fi
}

# Runs a command, showing its output and keeping it in the log. It gets a session
# of its own, so that an interrupt ends it at once and with all of its children.
run() {
	local status=0

	# shellcheck disable=SC2016 # expanded by the inner shell
	setsid env --default-signal=INT,QUIT HOME="$home" TMPDIR="$home" \
		bash -o pipefail -c '"$@" 2>&1 | tee "$0"' "$log" "$@" </dev/null &
	step=$!
	wait "$step" || status=$?
	step=
	return "$status"
}

# Copies directory $1 to $2; what follows is a prefix for the writing side.
copy() {
	local from=$1 to=$2

	shift 2
	"$@" mkdir "$to"
	tar -C "$from" --exclude=./.git --mode=u+rwX -cf - . | "$@" tar -C "$to" -xf -
}

# ---- Temporary things, and their end

make_workspace() {
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	work=$(mktemp -d /tmp/vgae.XXXXXX) # short, as the path of a socket must be
	home=$work
	log=$work/log
}

clean_up() {
	set +e
	trap '' HUP INT TERM
	cd /
	end_step
	remove_temporary
	[[ -n $work ]] || return
	stop_servers
	rm -rf "$work"
}

end_step() {
	[[ -n $step ]] || return
	kill -TERM -- "-$step" 2>/dev/null
	for ((i = 0; i < 50; i++)); do
		kill -0 -- "-$step" 2>/dev/null || return
		sleep 0.1
	done
	kill -KILL -- "-$step" 2>/dev/null
}

# Ours, and any that an interrupted test has left.
stop_servers() {
	local pidfile

	find "$work" -name postmaster.pid | while read -r pidfile; do
		"${unprivileged[@]}" "$bindir/pg_ctl" -D "${pidfile%/*}" -s -m immediate stop
	done
}

put_temporary() {
	local mode=$1 file=$2 text=$3

	[[ ! -e $file ]] || return 0
	temporary+=("$file")
	printf '%s\n' "$text" | as_root install -D -m "$mode" /dev/stdin "$file"
}

remove_temporary() {
	((${#temporary[@]} == 0)) || as_root rm -f "${temporary[@]}"
	temporary=()
}

# ---- Packages

apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
	apt-get -qq --no-install-recommends -o DPkg::Lock::Timeout=120
	-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold)

require_apt() {
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null && return
	cat >&2 <<'END'
quickstart.sh installs what is missing with apt, which this system does not have.
Please install by hand:
  - PostgreSQL: the server, and the headers and pg_config of the same version
  - OpenBLAS with its headers, gcc or clang, and GNU make
  - for the tests: cmocka, and perl with prove and the module IPC::Run
and then, with that pg_config in the PATH:
  make && sudo make install
END
	exit 1
}

installed() {
	[[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

version_of() {
	dpkg-query -W -f='${Version}' "$1"
}

# What is built with newer headers may not load into an older server.
server_matches_headers() {
	installed "postgresql-$version" && installed "postgresql-server-dev-$version" &&
		[[ $(version_of "postgresql-$version") == "$(version_of "postgresql-server-dev-$version")" ]]
}

newest_installed_server() {
	{ dpkg-query -W -f='${db:Status-Status} ${Package}\n' 'postgresql-[0-9]*' 2>/dev/null || true; } |
		sed -n 's/^installed postgresql-\([0-9]*\)$/\1/p' | sort -n | tail -n 1
}

# The newest version of which apt has both the server and the headers.
newest_offered_server() {
	apt-cache search --names-only '^postgresql-(server-dev-)?[0-9]+$' |
		sed -E 's/^postgresql-(server-dev-)?([0-9]+) .*/\2/' | sort -n | uniq -d | tail -n 1
}

update_package_lists() {
	[[ -z $lists_fresh ]] || return 0
	say 'Updating the package lists'
	as_root "${apt[@]}" update
	lists_fresh=yes
}

choose_server() {
	if [[ -n $pg_config ]]; then
		bindir=$("$pg_config" --bindir 2>/dev/null) || bindir=$(dirname "$pg_config")
	else
		version=$(newest_installed_server)
		if [[ -z $version ]]; then
			update_package_lists
			version=$(newest_offered_server)
		fi
		[[ -n $version ]] || die 'apt offers no PostgreSQL server: look at its sources'
		bindir=/usr/lib/postgresql/$version/bin
	fi
	pg_config=$bindir/pg_config
	version=
	[[ ! $bindir =~ ^/usr/lib/postgresql/([0-9]+)/bin$ ]] || version=${BASH_REMATCH[1]}
}

install_missing() {
	local package missing=()

	for package in "$@"; do
		installed "$package" || missing+=("$package")
	done
	if [[ -n $version ]] && ! server_matches_headers; then
		missing+=("postgresql-$version" "postgresql-server-dev-$version")
	fi
	((${#missing[@]} > 0)) || return 0

	update_package_lists
	refuse_to_restart_servers "${missing[@]}"
	say "Installing ${missing[*]}"
	echo 'This takes a few minutes. No database cluster is created, started or stopped.'
	as_root "${apt[@]}" --download-only install "${missing[@]}" >"$log" 2>&1 ||
		show_log_and_die 'apt-get cannot download them'
	keep_clusters_as_they_are
	as_root setsid --wait "${apt[@]}" install "${missing[@]}" </dev/null >"$log" 2>&1 || # no Ctrl-C halfway
		show_log_and_die 'apt-get cannot install them'
	remove_temporary
	[[ -z $version ]] || server_matches_headers ||
		die "postgresql-$version and postgresql-server-dev-$version still differ in version; install equal ones"
}

# What some tests are skipped without, where apt has it and can install it.
install_offered() {
	local package offered=()

	for package in "$@"; do
		[[ -z $(apt-cache search --names-only "^${package//./\\.}$") ]] || offered+=("$package")
	done
	(
		trap remove_temporary EXIT
		install_missing "${offered[@]}"
	) || echo 'Some tests will be skipped.'
}

# Upgrading Debian's package restarts a running server; when is for its owner to say.
refuse_to_restart_servers() {
	apt-get -s install "$@" 2>/dev/null | grep "^Inst postgresql-$version \[" >/dev/null || return 0
	pg_lsclusters -h | grep -E "^$version +[^ ]+ +[0-9]+ +online" >/dev/null || return 0
	die "postgresql-$version and postgresql-server-dev-$version must have the same version,
but the upgrade restarts your running server. When that suits you, run
  apt-get install postgresql-$version postgresql-server-dev-$version
as root, and then this again."
}

keep_clusters_as_they_are() {
	put_temporary 644 /etc/postgresql-common/createcluster.d/vgae-quickstart.conf 'create_main_cluster = false'
	put_temporary 755 /usr/sbin/policy-rc.d $'#!/bin/sh\nexit 101' # no service starts or stops
}

# ---- Building, and the throw-away server

# In a copy: nothing old helps, and nothing is left in the caller's tree.
build_and_install() {
	say "Building vgae for $("$pg_config" --version)"
	copy "$source_dir" "$work/build"
	cd "$work/build"
	make=(make PG_CONFIG="$pg_config")
	run "${make[@]}" clean >/dev/null || show_log_and_die 'make clean failed'
	run "${make[@]}" -j "$(nproc)" >/dev/null || show_log_and_die 'the build failed'

	say "Installing vgae into $("$pg_config" --pkglibdir) and $("$pg_config" --sharedir)/extension"
	local prefix=as_root
	[[ ! -w $("$pg_config" --pkglibdir) ]] || prefix=
	$prefix "${make[@]}" install >"$log" 2>&1 || show_log_and_die 'make install failed'
}

# PostgreSQL refuses to run as root. The user that runs it and the tests gets a
# copy of the built tree, since it may not be able to read the caller's.
step_down() {
	home=$work/home
	mkdir -m 700 "$home"
	if ((EUID == 0)); then
		local user=nobody
		! id postgres >/dev/null 2>&1 || user=postgres
		unprivileged=(setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups)
		chown "$user" "$home"
		chmod 711 "$work"
	fi
	copy "$work/build" "$home/tree" "${unprivileged[@]}"
	cd "$home/tree"
}

start_server() {
	say "Starting a throw-away server in $home"
	export PATH=$bindir:$PATH PGHOST=$home PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	run "${unprivileged[@]}" initdb -D "$home/data" -U postgres -A trust --no-sync \
		--locale=C.UTF-8 --encoding=UTF8 >/dev/null || show_log_and_die 'initdb failed'
	run "${unprivileged[@]}" pg_ctl -D "$home/data" -l "$home/server.log" -s -w start \
		-o "-c listen_addresses='' -c unix_socket_directories=$home -c fsync=off" || {
		cat "$home/server.log" >&2
		die 'the server did not start'
	}
}

set_up() {
	require_apt
	export LC_ALL=C.UTF-8
	unset LANGUAGE "${!PG@}" # PGHOST, PGSERVICE and the like lead to another server
	make_workspace
	choose_server
	install_missing gcc libc6-dev make libopenblas-dev "$@"
	[[ -x $pg_config && -x $bindir/initdb ]] || die "there is no complete PostgreSQL in $bindir"
	build_and_install
	step_down
	start_server
}

# ---- demo

demo() {
	set_up
	say 'Running examples/demo.sql'
	run "${unprivileged[@]}" psql -X -q -f examples/demo.sql || die 'the demo failed'
	say_how_to_go_on
}

say_how_to_go_on() {
	local as_postgres='runuser -u postgres --'

	! command -v sudo >/dev/null || as_postgres='sudo -u postgres'
	say 'How to go on'
	echo 'The throw-away server goes away now; vgae stays installed. In your own cluster:'
	echo
	if [[ -n $version ]] && ! pg_lsclusters -h | grep "^$version " >/dev/null; then
		echo "  pg_createcluster --locale=C.UTF-8 --start $version main    # as root: there is no cluster yet"
	fi
	cat <<END
  $as_postgres createdb graphs
  $as_postgres psql graphs
  CREATE EXTENSION vgae;
  CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz DEFAULT now());
  INSERT INTO models VALUES ('mine', vgae_train('SELECT a, b FROM my_links'));
  SELECT l.* FROM models, vgae_predict_links(model) l;                -- where a and b are integers
  SELECT l.* FROM models, vgae_predict_links(model, NULL::text) l;    -- where they are text

docs/guide.md has a section for each task, and examples/README.md leads through five jobs;
examples/demo.sql is what has just run.
END
}

case ${1:-} in
	demo) demo ;;
	test)
		# shellcheck source=test/check/run_tests.sh
		source "$source_dir/test/check/run_tests.sh"
		run_tests
		;;
	help | -h | --help) usage ;;
	*)
		usage >&2
		exit 2
		;;
esac
