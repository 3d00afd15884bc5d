# The pictures in docs are what the command that they come from makes.

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
$node->stop;
done_testing();
