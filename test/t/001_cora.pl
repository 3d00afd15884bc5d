# The published quality on Cora: AUC and average precision of held-out edges, as the
# mean over ten random splits (85 % training, 5 % validation, 10 % test).

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use VgaeTest;

use constant SPLITS => 10;

my $cora = data_directory('cora');
plan skip_all => 'skipped: no cora in VGAE_DATA' unless defined $cora;

my $node = start_node('cora');
load_cora($node, $cora);

# Every split: a tenth of the edges, and as many pairs that are no edges.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT DISTINCT least(src, dst) AS src, greatest(src, dst) AS dst
		FROM citations WHERE src <> dst;
	CREATE TABLE split (split int, edge bool, src int, dst int);
	INSERT INTO split
		SELECT s, true, src, dst
		FROM generate_series(1, 10) s, LATERAL (
			SELECT src, dst FROM edges ORDER BY md5(s || ':' || src || ':' || dst)
			LIMIT (SELECT count(*) / 10 FROM edges)) held_out;
	-- Pairs from a hash: two rows of papers in an order that differs by split.
	INSERT INTO split
		SELECT s, false, src, dst
		FROM generate_series(1, 10) s, LATERAL (
			SELECT DISTINCT ON (md5(s || ',' || a || ',' || b)) a AS src, b AS dst
			FROM (SELECT least(x, y) AS a, greatest(x, y) AS b
				  FROM (SELECT abs(hashint8extended(g, s)) % 2708 AS x,
							   abs(hashint8extended(g, s + 1000)) % 2708 AS y
						FROM generate_series(1, 2000) g) random
				  WHERE x <> y) pair
			WHERE NOT EXISTS (SELECT 1 FROM edges WHERE edges.src = a AND edges.dst = b)
			ORDER BY md5(s || ',' || a || ',' || b)
			LIMIT (SELECT count(*) / 10 FROM edges)) no_edge});
is($node->safe_psql('postgres',
		'SELECT count(*), count(DISTINCT (src, dst)) FROM split WHERE split = 1'),
	'1054|1054', 'a split has as many pairs as edges, all different');

# The same two metrics in plain SQL, from their definitions.
my $plain_sql = q{
	WITH scored AS (
		SELECT edge, vgae_link_score(model, src, dst) AS score
		FROM split, trained WHERE split.split = trained.split AND split.split = %d),
	ranked AS (
		SELECT edge, score,
			count(*) FILTER (WHERE edge) OVER better AS edges_above,
			count(*) OVER better AS above,
			rank() OVER (ORDER BY score) + (count(*) OVER (PARTITION BY score) - 1) / 2.0 AS rank
		FROM scored
		WINDOW better AS (ORDER BY score DESC))
	SELECT (sum(rank) FILTER (WHERE edge) - p * (p + 1) / 2.0) / (p * n),
		avg(edges_above::float8 / above) FILTER (WHERE edge)
	FROM ranked, (SELECT count(*) FILTER (WHERE edge) AS p, count(*) FILTER (WHERE NOT edge) AS n
				  FROM scored) counts
	GROUP BY p, n};

# Train on each split, and compare the means of AUC and AP with what is asked.
sub check_quality
{
	my ($name, $arguments, $least_auc, $least_ap) = @_;
	my (@auc, @ap, @differences);

	foreach my $split (1 .. SPLITS)
	{
		$node->safe_psql(
			'postgres', qq{
			DROP TABLE IF EXISTS trained;
			CREATE TABLE trained AS SELECT $split AS split, vgae_train(
				'SELECT src, dst FROM edges EXCEPT SELECT src, dst FROM split WHERE edge AND split = $split',
				nodes => 'SELECT id FROM papers', seed => $split,
				validation_fraction => 0.05 / 0.9, $arguments) AS model});
		my ($auc, $ap) = split /\|/, $node->safe_psql(
			'postgres', qq{
			SELECT auc, average_precision FROM trained, vgae_evaluate(model,
				'SELECT src, dst FROM split WHERE edge AND split = $split',
				'SELECT src, dst FROM split WHERE NOT edge AND split = $split')
			WHERE method = 'vgae'});
		my ($sql_auc, $sql_ap) = split /\|/,
		  $node->safe_psql('postgres', sprintf($plain_sql, $split));

		push @auc, $auc;
		push @ap, $ap;
		push @differences, abs($auc - $sql_auc), abs($ap - $sql_ap);
	}
	note sprintf('%s: AUC %.4f, AP %.4f', $name, mean(@auc), mean(@ap));
	cmp_ok(mean(@auc), '>=', $least_auc, "$name: mean AUC");
	cmp_ok(mean(@ap), '>=', $least_ap, "$name: mean average precision");
	cmp_ok((sort { $b <=> $a } @differences)[0], '<', 1e-9, "$name: plain SQL agrees");
	return;
}

# The recipe of docs/quality.md; its larger form is measured by "make quality".
my $best_links = q{model => 'gae', hidden_dims => '{}', latent_scale => 2, dropout => 0.5,
	edge_mask => 0.5, epochs => 400, patience => 100};

check_quality('VGAE', q{features => 'words'}, 0.908, 0.920);
check_quality('GAE', q{features => 'words', model => 'gae'}, 0.906, 0.917);
check_quality('linear VGAE', q{features => 'words', hidden_dims => '{}'}, 0.915, 0.928);
check_quality('VGAE without features', q{model => 'vgae'}, 0.840, 0.875);
check_quality('best links', "$best_links, features => 'words'", 0.942, 0.948);

# The main job: predicted links joined into a query.
is( $node->safe_psql(
		'postgres', q{
		SELECT count(*), bool_and(probability BETWEEN 0 AND 1), count(e.src)
		FROM trained
			CROSS JOIN LATERAL vgae_predict_links(model, k => 50) l
			JOIN papers a ON a.id = l.src JOIN papers b ON b.id = l.dst
			LEFT JOIN (SELECT src, dst FROM edges EXCEPT
					   SELECT src, dst FROM split WHERE edge AND split = 10) e
				ON (e.src, e.dst) = (l.src, l.dst)}),
	'50|t|0', 'predicted links join, and none is an edge that was trained on');

$node->stop;
done_testing();
