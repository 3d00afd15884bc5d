# packages.mk: packages as those who use them meet them, each in throw-away Debian
# systems; of what is committed. As root, with debootstrap and a mirror of Debian
# (MIRROR=http://... for another than deb.debian.org); a few minutes each.
#
#   make check-deb       built by dpkg-buildpackage with its tests, passed by lintian,
#                        installed by apt into a system without PostgreSQL, the demo run
#                        there, tested as autopkgtest does, and removed
#   make check-rpm       built by rpmbuild as for yum.postgresql.org
#   make check-docker    the image built from the Dockerfile by buildah, with a base
#                        image made here; run, and trained in
#
# The checks of every day are test/t/016_packages.pl and test/t/017_debian.pl.

.PHONY: check-deb check-rpm check-docker
check-deb check-rpm check-docker: check-%: dist
	test/packages/check.sh $* $(DIST)
