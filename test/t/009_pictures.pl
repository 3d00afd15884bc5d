# The pictures in docs are what the command that they come from makes; and names are shown
# alike in databases of any encoding.

use strict;
use warnings FATAL => 'all';

use PostgreSQL::Test::Utils;
use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use VgaeTest;

# Training on another processor ends a little elsewhere; so do the nodes, in pixels.
my $tolerance = 8;

my $source = "$FindBin::RealBin/../..";
my $made = PostgreSQL::Test::Utils::tempdir();
my $node = start_node('pictures');

# What must be there: the nodes and the points of curves with their places, and all words
# but numbers and the nodes' names, for which there is room or not.
sub contents
{
	my ($file) = @_;
	my $svg = slurp_file($file);
	my %place;
	my @words;

	$svg =~ s{<g id="names".*?</g>\n}{}s;
	$place{$3} = [ $1, $2 ] while $svg =~ m{<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*><title>([^<]*)</title>}g;
	foreach my $curve ($svg =~ m{<path stroke="[^"]*" d="([^"]*)"}g)
	{
		push @{ $place{'a point of a curve, ' . keys %place} }, $1, $2 while $curve =~ m{[ML]([\d.]+) ([\d.]+)}g;
	}
	push @words, $1 =~ s/[\d.]+/#/gr while $svg =~ m{<t(?:ext|itle)[^>]*>([^<]*[a-z][^<]*)<}g;
	return (\%place, \@words);
}

# psql's \copy is relative to the current directory.
chdir $source or die "cannot change to $source: $!";
$node->command_ok(
	[ 'psql', '-Xq', '-v', "directory=$made", '-f', 'docs/pictures/pictures.sql', $node->connstr('postgres') ],
	'pictures are made');

foreach my $picture (map { s{.*/}{}r } glob 'docs/pictures/*.svg')
{
	my ($place, $words) = contents("docs/pictures/$picture");
	my ($new_place, $new_words) = contents("$made/$picture");
	my $farthest = 0;

	is_deeply($new_words, $words, "$picture says what it did");
	is_deeply([ sort keys %$new_place ], [ sort keys %$place ], "$picture has the same nodes and points");
	foreach my $name (keys %$place)
	{
		foreach my $axis (0, 1)
		{
			my $distance = abs($place->{$name}[$axis] - $new_place->{$name}[$axis]);

			$farthest = $distance if $distance > $farthest;
		}
	}
	cmp_ok($farthest, '<=', $tolerance, "$picture has them in the same places");
	note "$picture: at most $farthest pixels off";
}

is(scalar(() = glob("$made/*.svg")), scalar(() = glob('docs/pictures/*.svg')), 'as many pictures');

# The same names give the same picture in a database of any encoding.
my %picture;
foreach my $encoding ('UTF8', 'LATIN1', 'SQL_ASCII')
{
	local $ENV{PGCLIENTENCODING} = $encoding eq 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';

	$node->safe_psql('postgres',
		"CREATE DATABASE in_$encoding ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	$picture{$encoding} = $node->safe_psql(
		lc "in_$encoding", qq{
		CREATE EXTENSION vgae;
		CREATE TABLE streets AS SELECT 'Stra\xC3\x9Fe ' || i AS src, 'Stra\xC3\x9Fe ' || i + 1 AS dst
			FROM generate_series(1, 9) AS i;
		SELECT vgae_plot(vgae_train('streets', epochs => 2), labels => \$\$SELECT src, '\xC3\xBC' AS "gr\xC3\xBCn" FROM streets\$\$)});
}
like($picture{UTF8}, qr/<title>Stra&#223;e 1: &#252;<.*>gr&#252;n</s, 'names are shown');
is($picture{LATIN1}, $picture{UTF8}, 'the same in LATIN1');
is($picture{SQL_ASCII}, $picture{UTF8}, 'the same in SQL_ASCII');
like($node->safe_psql('in_sql_ascii', q{SELECT vgae_plot(vgae_train('SELECT E''a\xFF\xC3''::text, ''b''::text', epochs => 0))}),
	qr/<title>a&#65533;&#65533;</, 'bytes that are no text are replaced');

$node->stop;
done_testing();
