# The same training gives the same bytes, whatever the order of the rows, the number
# of threads and the plan of the inner queries.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use VgaeTest;

my $node = start_node('same');

# A graph of 700 nodes (several blocks of every kernel), with weights, features of
# every kind, duplicates in both directions and self-loops.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT g % 700 AS src, (g * g + 3 * g) % 701 AS dst, 0.1 + (g % 7) / 3.0 AS weight
		FROM generate_series(1, 4000) g;
	CREATE TABLE nodes AS
		SELECT g AS id, sin(g) * 1e6 AS number, g % 3 = 0 AS flag, 'kind ' || g % 5 AS kind,
			ARRAY[cos(g), g % 2]::real[] AS vector
		FROM generate_series(0, 700) g;
	CREATE TABLE words AS
		SELECT g % 701 AS node, 'word ' || g % 50 AS feature, 1 + sin(g) AS value
		FROM generate_series(1, 3000) g;
	CREATE FUNCTION digest(bytea) RETURNS text LANGUAGE sql AS 'SELECT encode(sha256($1), $$hex$$)'});

my %trainings = (
	'vgae' => [ 'vgae', q{epochs => 15, dropout => 0.2} ],
	'vgae, sampled' => [ 'vgae', q{epochs => 15, negatives => 2, edge_mask => 0.3, patience => 5} ],
	'gae, directed' => [ 'gae', q{epochs => 15, directed => true, hidden_dims => '{16,8}', latent_scale => 2} ],
	'ae' => [ 'ae', q{epochs => 5, test_fraction => 0.1} ],
	'vae' => [ 'vae', q{epochs => 5, dropout => 0.1} ]);

sub train
{
	my ($kind, $arguments, $order, $settings) = @_;
	my $edges = $kind =~ /gae/ ? "edges => 'SELECT * FROM edges ORDER BY $order', " : '';

	return $node->safe_psql(
		'postgres', qq{
		$settings;
		SELECT digest(vgae_train(${edges}nodes => 'SELECT * FROM nodes ORDER BY $order',
			features => 'SELECT * FROM words ORDER BY $order', model => '$kind', $arguments))});
}

foreach my $name (sort keys %trainings)
{
	my ($kind, $arguments) = @{ $trainings{$name} };
	my $first = train($kind, $arguments, '1', 'SET vgae.threads = 1');

	like($first, qr/^[0-9a-f]{64}$/, "$name trains");
	is(train($kind, $arguments, '1', 'SET vgae.threads = 1'), $first, "$name: again");
	is(train($kind, $arguments, '1 DESC, 2 DESC', 'SET vgae.threads = 1'),
		$first, "$name: rows in reverse");
	is(train($kind, $arguments, 'random()', 'SET vgae.threads = 1'), $first, "$name: rows shuffled");
	is(train($kind, $arguments, '2, 1', "SET vgae.threads = $_"), $first, "$name: $_ threads")
	  foreach (2, 3, 8);
	isnt(train($kind, "$arguments, seed => 1", '1', 'SET vgae.threads = 1'),
		$first, "$name: another seed, another model");
}

$node->stop;
done_testing();
