#!/usr/bin/env bash
#
# Builds and tries a package in throw-away systems:
#
#   test/packages/check.sh deb|rpm|docker vgae-X.Y.Z
#
# from the archive vgae-X.Y.Z.tar.gz here. See packages.mk. As root.

set -euo pipefail
umask 022

kind=$1
dist=$2
archive=$PWD/$dist.tar.gz
mirror=${MIRROR:-http://deb.debian.org/debian}
suite=bookworm
major=15 # the PostgreSQL of that suite
work=$(mktemp -d /tmp/vgae.XXXXXX)
trap 'rm -rf --one-file-system "$work"' EXIT

say() {
	printf '\n==> %s\n' "$*"
}

# Runs a command, showing what it printed only if it fails; it stays in the log.
quietly() {
	"$@" >"$work/log" 2>&1 || {
		tail -n 100 "$work/log"
		return 1
	}
}

# ---- Systems

make_base() {
	say "A bare Debian $suite"
	quietly debootstrap --variant=minbase "$suite" "$work/base" "$mirror"
	printf 'deb %s %s main\n' "$mirror" "$suite" "$mirror" "$suite-updates" \
		"${mirror/%debian/debian-security}" "$suite-security" >"$work/base/etc/apt/sources.list"
	echo 'APT::Install-Recommends "false";' >"$work/base/etc/apt/apt.conf.d/vgae"
	quietly inside base apt-get -qq update
}

# Runs a command in system $1, as its user $2 if that is "builder" or "postgres". What
# it leaves running ends with it.
inside() {
	local root=$work/$1 user=root

	shift
	[[ $1 != builder && $1 != postgres ]] || { user=$1; shift; }
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --pid --fork --kill-child bash -euc '
		root=$1 user=$2
		shift 2
		mount --bind "$root" "$root"
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
			DEBIAN_FRONTEND=noninteractive HOME=/tmp setpriv --reuid=0 \
			chroot "$root" setpriv --reuid="$user" --regid="$user" --init-groups "$@"' \
		bash "$root" "$user" "$@"
}

# ---- deb

check_deb() {
	make_base
	cp -a "$work/base" "$work/bare"

	say 'Building the package, with its tests'
	inside base useradd --create-home builder
	tar -C "$work/base/home/builder" -xf "$archive"
	inside base chown -R builder: /home/builder
	quietly inside base sh -ec "cd /home/builder/$dist && apt-get -qq -y build-dep ./ && apt-get -qq -y install lintian"
	quietly inside base builder sh -ec "cd ~builder/$dist && dpkg-buildpackage -us -uc"
	grep -E '^test .* \.\.\. |^(not )?ok |^dpkg-deb' "$work/log"

	say 'lintian'
	inside base builder sh -ec 'cd ~builder && lintian --info --display-info --fail-on error,warning *.changes'

	say 'Installing it into a bare system'
	cp "$work"/base/home/builder/postgresql-"$major"-vgae_*.deb "$work/bare/root/"
	quietly inside bare sh -ec "apt-get -qq -y install /root/postgresql-$major-vgae_*.deb"
	inside bare dpkg-query -W "postgresql-$major*" 'libopenblas*'

	say 'The demo, by the installed package alone'
	inside bare postgres sh -ec "
		pg_ctlcluster $major main start
		cd /usr/share/doc/postgresql-$major-vgae
		psql -X -q -f examples/demo.sql
		pg_ctlcluster $major main stop"

	say 'Its autopkgtest'
	tar -C "$work/bare/var/lib/postgresql" -xf "$archive"
	inside bare chown -R postgres: "/var/lib/postgresql/$dist"
	quietly inside bare apt-get -qq -y install make
	quietly inside bare postgres sh -ec "cd ~postgres/$dist && debian/tests/installcheck"
	grep -E '^test .* \.\.\. |^(not )?ok ' "$work/log"

	say 'Removing it'
	quietly inside bare apt-get -qq -y purge "postgresql-$major-vgae"
	[[ -z $(find "$work/bare/usr" -name '*vgae*') ]] || {
		find "$work/bare/usr" -name '*vgae*'
		return 1
	}
}

# ---- rpm

# The paths of yum.postgresql.org, with Debian's PostgreSQL behind them; its packages
# have other names, so rpm is not asked for them.
check_rpm() {
	make_base
	say 'Building the package'
	quietly inside base apt-get -qq -y install gcc libc6-dev libopenblas-dev make rpm "postgresql-server-dev-$major"
	install -D /dev/stdin "$work/base/usr/pgsql-$major/bin/pg_config" <<END
#!/bin/sh
case \$1 in
	--pkglibdir) echo /usr/pgsql-$major/lib ;;
	--sharedir) echo /usr/pgsql-$major/share ;;
	*) exec /usr/lib/postgresql/$major/bin/pg_config "\$@" ;;
esac
END
	cp "$archive" "$work/base/root/"
	quietly inside base rpmbuild --nodeps --define "pgmajorversion $major" -tb "/root/$dist.tar.gz"
	inside base sh -ec 'rpm -qp --info --list --requires /tmp/rpmbuild/RPMS/*/vgae_*.rpm' | tee "$work/log"
	grep -q '^libopenblas.so.0' "$work/log"
	grep -q "^/usr/pgsql-$major/lib/vgae.so$" "$work/log"
}

# ---- docker

# The official image cannot be had without a registry: the base is made of Debian's
# PostgreSQL, with what the Dockerfile uses of that image.
check_docker() {
	make_base
	cp -a "$work/base" "$work/builder"
	say 'A base image'
	quietly inside builder apt-get -qq -y install buildah
	install -D /dev/stdin "$work/base/etc/postgresql-common/createcluster.conf" <<<'create_main_cluster = false'
	quietly inside base apt-get -qq -y -o Dpkg::Options::=--force-confold install "postgresql-$major"
	mkdir "$work/base/docker-entrypoint-initdb.d"
	tar -C "$work/base" -cf "$work/builder/base.tar" .
	tar -C "$work/builder" -xf "$archive"

	say 'The image of the Dockerfile'
	# Neither the storage nor the isolation needs more rights than those of root here.
	quietly inside builder env STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot bash -euc "
		base=\$(buildah from scratch)
		buildah add -q \$base /base.tar / >/dev/null
		buildah config --env PG_MAJOR=$major --env PATH=\$PATH:/usr/lib/postgresql/$major/bin \$base
		buildah commit -q \$base docker.io/library/postgres:$major-$suite >/dev/null
		buildah build --pull-never --tag vgae /$dist"

	say 'Training in it'
	inside builder env STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot bash -euc "
		container=\$(buildah from --pull-never vgae)
		buildah run --user postgres \$container -- sh -euc '
			! command -v gcc
			initdb -D /tmp/data -A trust >/dev/null
			pg_ctl -D /tmp/data -s -w start -l /tmp/log -o \"-c listen_addresses= -c unix_socket_directories=/tmp\"
			for file in /docker-entrypoint-initdb.d/*; do psql -X -h /tmp -v ON_ERROR_STOP=1 -f \$file postgres; done
			psql -X -h /tmp postgres -v ON_ERROR_STOP=1 -c \"SELECT vgae_version(), l.* FROM
				vgae_predict_links(vgae_train(\\\$\\\$SELECT g AS src, g % 7 AS dst FROM generate_series(1, 100) g\\\$\\\$), k => 3) l\"
			pg_ctl -D /tmp/data -s stop'"
}

((EUID == 0)) || { echo "$0: needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "$0: needs debootstrap" >&2; exit 1; }
"check_$kind"
say "check of $kind: ok"
