# Links that can be trusted: directions, weights, two kinds of nodes, graphs that
# change, calibrated probabilities, odd edges.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use VgaeTest;

my $node = start_node('trust');

# The recipe of docs/quality.md.
my $best_links = q{model => 'gae', hidden_dims => '{}', latent_scale => 2, dropout => 0.5,
	edge_mask => 0.5, epochs => 400, patience => 100};

sub value
{
	my ($query) = @_;

	return $node->safe_psql('postgres', $query);
}

# A number from 0 to 1 that depends on a text and nothing else.
value(
	q{CREATE FUNCTION chance(text) RETURNS float8 IMMUTABLE LANGUAGE sql AS
	$$SELECT (hashtextextended($1, 0) & x'FFFFFFFF'::bigint) / 4294967296.0$$});

subtest 'directed graphs' => sub {

	# Links go round: from a node to those of the next of five groups, now and then to any.
	value(
		q{
		CREATE TABLE arrows AS
			SELECT a AS src, b AS dst, chance('held out ' || a || ' ' || b) < 0.1 AS held_out
			FROM generate_series(1, 400) a, generate_series(1, 400) b
			WHERE a <> b AND chance(a || ' to ' || b) < CASE WHEN (a + 1) % 5 = b % 5 THEN 0.15 ELSE 0.002 END;
		CREATE TABLE arrow_models AS
			SELECT directed, vgae_train('SELECT src, dst FROM arrows WHERE NOT held_out',
				nodes => 'SELECT generate_series(1, 400) AS id', directed => directed) AS model
			FROM unnest(ARRAY[false, true]) directed});
	my %auc = split /[|\n]/, value(
		q{
		SELECT directed, vgae_auc(vgae_link_score(model, a, b), forward)
		FROM arrow_models, (SELECT src AS a, dst AS b, true AS forward FROM arrows WHERE held_out
			UNION ALL SELECT dst, src, false FROM arrows WHERE held_out) pairs
		GROUP BY directed});
	note "u to v told from v to u: AUC $auc{t} directed, $auc{f} symmetric";
	cmp_ok($auc{f}, '==', 0.5, 'a symmetric decoder cannot tell directions');
	cmp_ok($auc{t}, '>', 0.9, 'a directed model can');
};

subtest 'weighted graphs' => sub {

	# The same pairs in all directions; what belongs together is in the weights alone.
	value(
		q{
		CREATE TABLE ties AS
			SELECT a AS src, b AS dst, a % 4 = b % 4 AS heavy,
				CASE WHEN a % 4 = b % 4 THEN 5 ELSE 0.1 END AS weight,
				chance('held out ' || a || ' ' || b) < 0.1 AS held_out
			FROM generate_series(1, 300) a, generate_series(1, 300) b
			WHERE a < b AND chance(a || ' with ' || b) < 0.08});
	my ($with, $without) = split /\|/, value(
		q{
		SELECT vgae_auc(vgae_link_score(weighted, src, dst), heavy), vgae_auc(vgae_link_score(plain, src, dst), heavy)
		FROM (SELECT vgae_train('SELECT src, dst, weight FROM ties WHERE NOT held_out') AS weighted,
			vgae_train('SELECT src, dst FROM ties WHERE NOT held_out') AS plain) m, ties WHERE held_out});
	note "heavy ties told from light ones: AUC $with with weights, $without without";
	cmp_ok($with, '>', 0.9, 'weights tell which nodes belong together');
	cmp_ok($without, '<', 0.65, 'without them nothing does');
};

subtest 'two kinds of nodes' => sub {
	value(
		q{
		CREATE TABLE purchases AS
			SELECT c AS customer_id, p AS product_id, chance('held out ' || c || ' ' || p) < 0.1 AS held_out
			FROM generate_series(1, 400) c, generate_series(1, 100) p
			WHERE chance(c || ' buys ' || p) < CASE WHEN c % 5 = p % 5 THEN 0.35 ELSE 0.005 END;
		CREATE TABLE shop AS
			SELECT vgae_train($$SELECT 'customer ' || customer_id AS src, 'product ' || product_id AS dst
				FROM purchases WHERE NOT held_out$$) AS model});
	my $auc = value(
		q{
		SELECT vgae_auc(vgae_link_score(model, 'customer ' || c, 'product ' || p), product_id IS NOT NULL)
		FROM shop, generate_series(1, 400) c CROSS JOIN generate_series(1, 100) p
			LEFT JOIN purchases ON (c, p) = (customer_id, product_id)
		WHERE held_out IS NOT FALSE});
	note "what customers will buy: AUC $auc";
	cmp_ok($auc, '>', 0.8, 'purchases are predicted through text keys');
};

my $cora = data_directory('cora');
SKIP:
{
	skip 'no cora in VGAE_DATA', 4 unless defined $cora;
	load_cora($node, $cora);
	value(
		q{
		CREATE TABLE edges AS
			SELECT least(src, dst) AS src, greatest(src, dst) AS dst,
				chance('test ' || least(src, dst) || ' ' || greatest(src, dst)) < 0.1 AS test
			FROM (SELECT DISTINCT least(src, dst) AS src, greatest(src, dst) AS dst FROM citations
				  WHERE src <> dst) e;
		CREATE TABLE non_edges AS
			SELECT a.id AS src, b.id AS dst FROM papers a, papers b
			WHERE a.id < b.id AND chance('test ' || a.id || ' ' || b.id) < 0.01
				AND NOT EXISTS (SELECT FROM edges WHERE (src, dst) = (a.id, b.id))});

	subtest 'calibrated probabilities' => sub {
		foreach my $recipe (['defaults', q{model => 'vgae'}], ['best links', $best_links])
		{
			my ($name, $arguments) = @$recipe;
			value(
				qq{
				DROP TABLE IF EXISTS calibrated;
				CREATE TABLE calibrated AS SELECT vgae_train('SELECT src, dst FROM edges WHERE NOT test',
					nodes => 'SELECT id FROM papers', features => 'words', $arguments) AS model;
				DROP TABLE IF EXISTS scored;
				-- Test pairs, each with the weight that gives the density of the graph.
				CREATE TABLE scored AS
					SELECT edge, weight, vgae_link_score(model, src, dst) AS score,
						vgae_link_probability(model, src, dst) AS probability
					FROM calibrated, (
						SELECT src, dst, true AS edge, (SELECT count(*) FROM edges)::float8 / count(*) OVER () AS weight
						FROM edges WHERE test
						UNION ALL
						SELECT src, dst, false, (2708 * 2707 / 2 - (SELECT count(*) FROM edges))::float8 / count(*) OVER ()
						FROM non_edges) pairs});
			my $total = value(
				q{
				SELECT sum(vgae_link_probability(model, a.id, b.id)) / (SELECT count(*) FROM edges WHERE NOT test)
				FROM calibrated, papers a, papers b WHERE a.id < b.id});
			my $error = value(
				q{
				SELECT sum(abs(predicted - actual)) / sum(weight)
				FROM (SELECT sum(weight * probability) AS predicted, sum(weight * edge::int) AS actual,
						  sum(weight) AS weight
					  FROM scored GROUP BY least(floor(probability * 10), 9)) bins});
			my $same_order = value(
				q{
				SELECT vgae_auc(score, edge) = vgae_auc(probability, edge) FROM scored});
			note "$name: sum of probabilities / edges $total, expected calibration error $error";
			cmp_ok(abs($total - 1), '<', 0.2, "$name: probabilities of all pairs add up to the edges");
			cmp_ok($error, '<', 0.02, "$name: expected calibration error");
			is($same_order, 't', "$name: probabilities rank as scores do");
		}
	};

	subtest 'a graph that changes' => sub {
		my $input = q{nodes => 'SELECT id FROM papers', features => 'words', validation_fraction => 0.05};
		value(
			qq{
			CREATE TABLE grown AS SELECT vgae_train('SELECT src, dst FROM edges WHERE NOT test', $input) AS former;
			ALTER TABLE grown ADD again bytea, ADD anew bytea;
			UPDATE grown SET again = vgae_train('SELECT src, dst FROM edges', $input, warm_start => former, epochs => 20),
				anew = vgae_train('SELECT src, dst FROM edges', $input, seed => 1)});
		my ($again, $anew) = split /\|/, value(
			q{
			SELECT vgae_info(again) ->> 'validation_auc', vgae_info(anew) ->> 'validation_auc' FROM grown});
		my ($same, $other) = split /\|/, value(
			q{
			WITH cosine AS (
				SELECT b.which, sum(x * y) / sqrt(sum(x * x) * sum(y * y)) AS value
				FROM grown, LATERAL (SELECT 'again' AS which, again AS model UNION ALL SELECT 'anew', anew) b,
					vgae_embeddings(former) e, LATERAL vgae_embedding(b.model, e.node) AS other,
					unnest(e.embedding, other) AS u (x, y)
				GROUP BY b.which, e.node)
			SELECT avg(value) FILTER (WHERE which = 'again'), avg(value) FILTER (WHERE which = 'anew') FROM cosine});
		note "validation AUC $again after 20 more epochs, $anew after 200 anew; ",
			"mean cosine to the former embedding $same, anew $other";
		cmp_ok($again, '>', $anew - 0.02, 'a warm start needs a tenth of the epochs');
		cmp_ok($same, '>', 0.9, 'and keeps the space as it was');
		cmp_ok(abs($other), '<', 0.5, 'which training anew does not');

		my $difference = value(
			q{
			SELECT max(abs(x - y)) FROM (SELECT vgae_train('SELECT src, dst FROM edges',
					nodes => 'SELECT id FROM papers', features => 'words', epochs => 20) AS model) m,
				vgae_encode_graph(model, 'SELECT src, dst FROM edges', 'SELECT id FROM papers', 'words') e,
				LATERAL vgae_embedding(model, e.node) AS stored, unnest(e.embedding, stored) AS u (x, y)});
		cmp_ok($difference, '<', 1e-5, 'encoding the training graph gives the stored embeddings');
	};

	subtest 'odd edges' => sub {
		value(
			q{
			CREATE TABLE planted AS SELECT src, dst FROM non_edges ORDER BY chance('plant ' || src || ' ' || dst) LIMIT 250});
		foreach my $recipe (['defaults', q{model => 'vgae'}], ['best links', $best_links])
		{
			my ($name, $arguments) = @$recipe;
			my $auc = value(
				qq{
				SELECT vgae_auc(-a.score, planted.src IS NOT NULL)
				FROM (SELECT vgae_train('SELECT src, dst FROM edges UNION ALL TABLE planted',
						nodes => 'SELECT id FROM papers', features => 'words', $arguments) AS model) m,
					vgae_anomalies(model, k => 1000000) a LEFT JOIN planted USING (src, dst)});
			note "$name: planted edges told from real ones: AUC $auc";
			cmp_ok($auc, '>', 0.9, "$name: edges planted at random are found") if $name eq 'best links';
		}
	};
}

$node->stop;
done_testing();
