# What META.json (PGXN), debian/ and rpm/ say of the extension is true and the same, and
# make dist makes archives of all that a release needs.
#
# The version stands in vgae.control, which make, the library and the scripts' names read.
# PGXN, dpkg and rpm each read theirs from a file of their own before anything of ours
# could run, and the two changelogs of packages have an entry for it anyway: so it is
# written there, too, and checked here.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Dist;
use Extension;
use IO::Uncompress::Unzip;
use JSON::PP;
use PgxnMeta;
use PostgreSQL::Test::Utils;
use Test::More;

my $version = default_version();

sub source
{
	my ($name) = @_;

	return slurp_file(source_directory() . "/$name");
}

# What a pattern first finds in a file.
sub found
{
	my ($name, $pattern) = @_;

	return source($name) =~ $pattern ? $1 : "nothing in $name";
}

# ---- One version, one maintainer, one range of servers

my $meta = JSON::PP->new->utf8->decode(source('META.json'));
my $spec_entry = qr/^%changelog\n\* \w+ \w+ \d+ \d+ (?<who>.*>) - (?<version>\S+)-\d+$/m;

is($meta->{version}, $version, 'META.json has the version');
is($meta->{provides}{vgae}{version}, $version, 'and provides it');
is($meta->{provides}{vgae}{file}, 'vgae.control', 'by the file that make and the server read it from');
is(found('debian/changelog', qr/^vgae \((\S+)\)/), $version, 'debian/changelog begins with the version');
is(found('rpm/vgae.spec', qr/^Version:\s*(\S+)$/m), $version, 'rpm/vgae.spec has the version');
source('rpm/vgae.spec') =~ $spec_entry;
is($+{version}, $version, 'and its changelog begins with it');
is($+{who}, $meta->{maintainer}, 'by the maintainer of META.json');
is(found('CHANGELOG.md', qr/^## (\S+)/m), $version, 'CHANGELOG.md begins with the version');
is( scalar(source('CHANGELOG.md') =~ /^## \S+ \(not yet released\)/m),
	scalar(source('debian/changelog') =~ /^vgae \S+ UNRELEASED;/),
	'debian/changelog says so while it is not released');
is(found('debian/changelog', qr/^ -- (.*>)  /m), $meta->{maintainer}, 'debian/changelog has the maintainer');
is(found('debian/control.in', qr/^Maintainer: (.*)/m), $meta->{maintainer}, 'and debian/control.in');
is( found('debian/pgversions', qr/^(\d+)\+$/m) . '.0.0',
	$meta->{prereqs}{runtime}{requires}{PostgreSQL},
	'debian/pgversions begins with the same PostgreSQL as META.json');

# ---- META.json is what PGXN takes

is(join("\n", meta_faults($meta)), '', 'META.json is valid');
foreach my $path (map { @{$_}{qw(file docfile)} } values %{ $meta->{provides} })
{
	ok(-f source_directory() . "/$path", "there is $path");
}

# Each fault is found where there is one.
foreach my $bad (
	[ 'name is missing', sub { delete $_[0]{name} } ],
	[ 'name is not a term', sub { $_[0]{name} = 'graph autoencoders' } ],
	[ 'version is not a semantic version', sub { $_[0]{version} = '0.1' } ],
	[ 'version is not a semantic version', sub { $_[0]{version} = '0.01.0' } ],
	[ 'abstract is not a text', sub { $_[0]{abstract} = '' } ],
	[ 'maintainer is not a text', sub { $_[0]{maintainer} = {} } ],
	[ 'license is not a license that the specification knows', sub { $_[0]{license} = 'PostgreSQL' } ],
	[ 'release_status is not a status', sub { $_[0]{release_status} = 'beta' } ],
	[ "tags 'a/b' is not a tag", sub { push @{ $_[0]{tags} }, 'a/b' } ],
	[ 'tags is not a list of at least one', sub { $_[0]{tags} = [] } ],
	[ 'provides vgae file is missing', sub { delete $_[0]{provides}{vgae}{file} } ],
	[ 'provides vgae docfile is not a path inside the distribution', sub { $_[0]{provides}{vgae}{docfile} = '../README.md' } ],
	[ 'prereqs always is not a phase', sub { $_[0]{prereqs}{always} = $_[0]{prereqs}{runtime} } ],
	[ 'prereqs runtime needs is not a relationship', sub { $_[0]{prereqs}{runtime}{needs} = { PostgreSQL => 0 } } ],
	[
		'prereqs runtime requires PostgreSQL is not a range of versions',
		sub { $_[0]{prereqs}{runtime}{requires}{PostgreSQL} = '13' }
	],
	[ 'resources homepage is not a URL', sub { $_[0]{resources}{homepage} = 'example.org' } ],
	[ 'meta-spec version is not version 1.0', sub { $_[0]{'meta-spec'}{version} = '2.0.0' } ],
	[ 'licence is no field of the specification', sub { $_[0]{licence} = 'postgresql' } ])
{
	my ($fault, $spoil) = @$bad;
	my $spoiled = JSON::PP->new->utf8->decode(source('META.json'));

	$spoil->($spoiled);
	is(join("\n", meta_faults($spoiled)), $fault, "found: $fault");
}

# ---- debian/control, and the specification of the RPM

SKIP:
{
	skip 'pg_buildext (postgresql-server-dev-all) is not installed', 2 if !have('pg_buildext');
	my $copy = PostgreSQL::Test::Utils::tempdir();

	run_in($copy, 'cp', '-r', source_directory() . '/debian', '.');
	local $ENV{PG_SUPPORTED_VERSIONS} = found('debian/control', qr/^Package: postgresql-(\d+)-vgae$/m);
	my (undef, $faults) = run_in($copy, 'pg_buildext', 'checkcontrol');
	is($faults, '', 'debian/control is what pg_buildext makes of debian/control.in');

	local $ENV{PG_SUPPORTED_VERSIONS} = '12 13 14 15 16 17 18';
	run_in($copy, 'pg_buildext', 'updatecontrol');
	my @packages = slurp_file("$copy/debian/control") =~ /^Package: (.*)$/mg;
	is("@packages", join(' ', map { "postgresql-$_-vgae" } 13 .. 18), 'it has a package for each version of PostgreSQL');
}

SKIP:
{
	skip 'rpmspec (rpm) is not installed', 2 if !have('rpmspec');
	foreach my $major (15, 17)
	{
		my (undef, $name) = run_in(
			source_directory(), 'rpmspec', '-q', '--srpm', '--define', "pgmajorversion $major",
			'--qf', '%{name} %{version}', 'rpm/vgae.spec');
		is($name, "vgae_$major $version", "rpm reads its specification for PostgreSQL $major");
	}
}

# ---- make dist

# The names of the files in the archives; directories are left out.
sub names_in_tar
{
	my ($file) = @_;
	my (undef, $names) = run_in('/', 'tar', '-tzf', $file);

	return sort grep { !m{/$} } split /\n/, $names;
}

sub names_in_zip
{
	my ($file) = @_;
	my $zip = IO::Uncompress::Unzip->new($file) or die "$file: $IO::Uncompress::Unzip::UnzipError";
	my @names;

	do { push @names, $zip->getHeaderInfo->{Name} } while $zip->nextStream > 0;
	return sort grep { !m{/$} } @names;
}

SKIP:
{
	skip 'git is not installed', 8 if !have('git');
	my $clone = clone_sources();
	my $dist = "$clone/vgae-$version";
	my ($ok, $output) = make_dist($clone);

	ok($ok, 'make dist') or diag($output);
	my @names = names_in_tar("$dist.tar.gz");
	my (undef, $tracked) = run_in($clone, 'git', 'ls-files');
	my @released = sort grep { !m{^vgae-\Q$version\E/\.(?:ci|github|git)} } map { "vgae-$version/$_" } split /\n/, $tracked;
	is("@names", "@released", 'the archive has all that is committed, but what only the repository needs');
	is(join(' ', names_in_zip("$dist.zip")), "@names", 'the zip of PGXN has the same');
	is(scalar(grep { $_ eq "vgae-$version/META.json" } @names), 1, 'META.json is where PGXN looks for it');

	# What is made again elsewhere is the same.
	my %before = map { $_ => slurp_file("$dist.$_") } 'zip', 'tar.gz';
	my $umask = umask 077;
	local $ENV{TZ} = 'Asia/Tokyo';
	make_dist($clone);
	umask $umask;
	ok(slurp_file("$dist.$_") eq $before{$_}, "the same bytes in another time zone and umask: $_") foreach sort keys %before;

	append_to_file("$clone/README.md", "more\n");
	($ok, $output) = make_dist($clone);
	ok(!$ok, 'what is not committed is not released');
	like($output, qr/^make dist: commit your changes first$/m, 'and the error says so');
}

done_testing();
