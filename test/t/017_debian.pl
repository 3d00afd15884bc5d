# The Debian package: built from what make dist makes, as a user builds it, it has all
# files in their places, and a server with nothing else of vgae trains by it.
#
# The build leaves out the tests of debian/rules, which are those of make installcheck;
# make check-deb runs them, and installs the package into a system by apt.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Dist;
use Extension;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $version = default_version();
my (undef, $server) = run_in('/', 'pg_config', '--version');
my ($major) = $server =~ /(\d+)/;
my $pg_config = "/usr/lib/postgresql/$major/bin/pg_config";
my $package = "postgresql-$major-vgae";

foreach my $program ('git', 'dpkg-buildpackage', 'dh', 'pg_buildext')
{
	plan skip_all => "$program is not installed" if !have($program);
}
plan skip_all => "there is no $pg_config: this is not Debian's PostgreSQL" if !-x $pg_config;

# ---- Build

# For the server under test only, and not for whichever else is installed.
$ENV{PG_SUPPORTED_VERSIONS} = $major;
$ENV{DEB_BUILD_OPTIONS} = 'nocheck';

my $clone = clone_sources();
my $directory = PostgreSQL::Test::Utils::tempdir();
my $tree = "$directory/vgae-$version";

make_dist($clone);
run_in($directory, 'tar', '-xf', "$clone/vgae-$version.tar.gz");
run_in($tree, 'pg_buildext', 'updatecontrol');

my (undef, $missing) = run_in($tree, 'dpkg-checkbuilddeps', '-Pnocheck');
plan skip_all => $missing if $missing ne '';

my ($ok, $output) = run_in($tree, 'dpkg-buildpackage', '-Pnocheck', '-b', '-us', '-uc');
my ($deb) = glob "$directory/${package}_${version}_*.deb";

ok($ok && defined $deb, 'dpkg-buildpackage makes the package') or diag($output), done_testing(), exit;
unlike($output, qr/warning:/, 'without a warning');

# ---- What is in it

sub field
{
	my ($name) = @_;
	my (undef, $value) = run_in('/', 'dpkg-deb', '--field', $deb, $name);

	chomp $value;
	return $value;
}

is(field('Version'), $version, 'it has the version');
like(field('Depends'), qr/(^|, )libopenblas0(,|$)/, 'it needs OpenBLAS');
like(field('Depends'), qr/(^|, )postgresql-$major\b/, 'and the server');

# Every file that it should have, by the tree that it was built from.
sub tracked
{
	my ($where, @paths) = @_;
	my (undef, $names) = run_in($clone, 'git', 'ls-files', @paths);

	return map { "$where/$_" } split /\n/, $names;
}

my $lib = "usr/lib/postgresql/$major/lib";
my $extension = "usr/share/postgresql/$major/extension";
my $doc = "usr/share/doc/$package";
my @expected = (
	"$lib/vgae.so",
	"$extension/vgae.control",
	"$extension/vgae--$version.sql",
	(map { s{/sql/vgae}{/vgae}r } tracked($extension, 'sql/vgae--*')),
	tracked($doc, 'README.md', 'SECURITY.md', 'docs', 'examples', ':(glob)test/data/*.csv'),
	"$doc/changelog.gz", "$doc/changelog.Debian.gz", "$doc/copyright");
my (undef, $listing) = run_in('/', 'sh', '-c', "dpkg-deb --fsys-tarfile '$deb' | tar -t");
my @files = sort map { s{^\./}{}r } grep { !m{/$} } split /\n/, $listing;

is(join("\n", @files), join("\n", sort @expected), 'it has the library, its scripts, documents and examples, and nothing else');

# ---- A server of which all else is a copy

my $root = "$directory/root";

foreach my $part ("usr/lib/postgresql/$major", "usr/share/postgresql/$major")
{
	run_in('/', 'mkdir', '-p', "$root/$part");
	run_in('/', 'cp', '-aL', "/$part/.", "$root/$part");
}
run_in($root, 'find', '.', '-name', 'vgae*', '-delete');
run_in('/', 'dpkg-deb', '--extract', $deb, $root);

my $built = start_node('built');
create_models($built);
my $answers = model_answers($built);
$built->stop;

$ENV{PATH} = "$root/usr/lib/postgresql/$major/bin:$ENV{PATH}";
my $node = start_node('debian');
create_models($node);
is($node->safe_psql('postgres', 'SELECT vgae_version()'), $version, 'a server has the package\'s extension');
like(slurp_file('/proc/' . postmaster_pid($node) . '/cmdline'), qr/^\Q$root\E/, 'and is not the one under test');
is(model_answers($node), $answers, 'it trains the same models as make install\'s, byte for byte');
like(
	$node->safe_psql('postgres', q{SELECT src || '-' || dst FROM models, vgae_predict_links(model, NULL::text, k => 1) WHERE name = 'vgae'}),
	qr/^n\d+-n\d+$/, 'and predicts links');

$node->stop;
done_testing();
