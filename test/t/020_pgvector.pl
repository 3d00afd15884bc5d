# Embeddings in pgvector: its order of partners is the model's, its index finds nearly
# all of them, and vectors are features.  The document's blocks, as printed.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use Test::More;
use VgaeTest;

plan skip_all => 'the extension "vector" is not installed' unless has_extension('vector');

my $node = start_node('pgvector');

create_graphs($node);
my ($train) = code_blocks('docs/neighbours.md', undef, 'sql');
my ($table, $search, $filter, $pairs, $directed, $newcomers, $features) =
  code_blocks('docs/neighbours.md', 'pgvector', 'sql');

sub first_columns
{
	my ($count, $printed) = @_;

	return map { join '|', (split /\|/)[ 0 .. $count - 1 ] } split /\n/, $printed;
}

# The share of the expected rows that were found.
sub recall
{
	my ($found, $expected) = @_;
	my %found = map { $_ => 1 } @$found;
	my @expected = split /\n/, ask_graphs($node, $expected);

	return grep({ $found{$_} } @expected) / @expected;
}

sub recall_is
{
	my ($least, $found, $expected, $what) = @_;
	my $recall = recall($found, $expected);

	note("recall of $what: $recall");
	cmp_ok($recall, '>=', $least, $what);
	return;
}

# ---- The order without an index

run_blocks($node, $train, $table);
is( ask_graphs(
		$node, q{
		SELECT count(*), bool_and(e.trained_at = m.trained_at) FROM paper_embeddings e, models m
		WHERE m.name = 'papers'}),
	'1500|t', 'an embedding for each node, with the time of its model');

# Rounding may exchange two scores that differ by less than 1e-5.
is( ask_graphs(
		$node, q{
		WITH scored AS (
			SELECT a.node AS src, a.embedding <#> b.embedding AS distance,
				vgae_link_score(model, a.node, b.node) AS score
			FROM models, paper_embeddings a, paper_embeddings b
			WHERE name = 'papers' AND a.node % 15 = 0 AND a.node <> b.node),
		ranked AS (
			SELECT *, min(score) OVER (PARTITION BY src ORDER BY distance ROWS UNBOUNDED PRECEDING) AS least_yet
			FROM scored)
		SELECT count(*), count(*) FILTER (WHERE score > least_yet + 1e-5),
			count(*) FILTER (WHERE abs(score + distance) > 1e-5) FROM ranked}),
	'149900|0|0', '<#> orders partners as vgae_link_score does, and is its negative');
is( ask_graphs(
		$node, q{
		SELECT count(*), max(abs(vgae_decode_link(model, q.embedding::real[], e.embedding::real[])
			- vgae_link_probability(model, q.node, e.node))) < 1e-6
		FROM models, paper_embeddings q, paper_embeddings e WHERE name = 'papers' AND q.node = 42 AND e.node <> 42}),
	'1499|t', 'vectors give the probabilities of their nodes');

# ---- The index

# Tables of this size are sorted faster.
ask_graphs($node, 'ALTER DATABASE graphs SET enable_sort = off');
foreach my $block ($search, $filter, $pairs)
{
	my $explain = $block =~ s/^(?=SELECT)/EXPLAIN (COSTS off) /mr;

	like(ask_graphs($node, $explain), qr/Index Scan using \w+_embedding_idx/, 'the index is used');
}
recall_is(
	0.9,
	[ first_columns(1, run_blocks($node, $search)) ],
	q{SELECT r.node FROM models, vgae_recommend(model, 42, k => 10, include_known => true) r WHERE name = 'papers'},
	'the 10 best partners of a node');
# pgvector draws the layers of an index at random: of 26 indexes of this table, one found less
# than 97 %, and half found everything.
my @recalls = map
{
	ask_graphs($node, 'CALL refresh_paper_embeddings()');
	recall(
		[ split /\n/, ask_graphs(
				$node, q{
				SELECT q.node, n.node FROM paper_embeddings q, LATERAL (SELECT e.node FROM paper_embeddings e
					WHERE e.node <> q.node ORDER BY e.embedding <#> q.embedding LIMIT 10) n}) ],
		q{SELECT src, dst FROM models, vgae_recommend_all(model, k => 10, include_known => true) WHERE name = 'papers'});
} 1 .. 3;
note("recall of the 10 best partners of every node: @recalls");
cmp_ok(mean(@recalls), '>=', 0.97, 'the 10 best partners of every node, of three indexes');
recall_is(
	0.95,
	[ first_columns(2, run_blocks($node, $pairs)) ],
	q{SELECT src, dst FROM models, vgae_predict_links(model, k => 100, include_known => true) WHERE name = 'papers'},
	'the 100 best pairs');
recall_is(
	0.9,
	[ first_columns(1, run_blocks($node, $filter)) ],
	q{SELECT r.node FROM models, vgae_recommend(model, 42, k => 1500) r JOIN papers ON id = r.node
		WHERE name = 'papers' AND year >= 2020 ORDER BY r.score DESC LIMIT 10},
	'the 10 best unknown partners that pass a filter');
recall_is(
	0.9,
	[ first_columns(1, run_blocks($node, $directed)) ],
	q{SELECT r.node FROM vgae_recommend(vgae_train('citations', features => 'paper_words', directed => true), 42,
		k => 10, include_known => true) r},
	'the 10 to which a directed model draws edges');

SKIP:
{
	my $cora = data_directory('cora') or skip 'VGAE_DATA has no cora', 1;

	load_cora($node, $cora);
	my $recall = $node->safe_psql(
		'postgres', q{
		CREATE EXTENSION vector;
		CREATE TABLE trained AS SELECT vgae_train('citations', features => 'words') AS model;
		CREATE TABLE embeddings AS SELECT node, embedding::vector(16) AS z FROM trained, vgae_embeddings(model);
		CREATE INDEX ON embeddings USING hnsw (z vector_ip_ops);
		SET enable_sort = off;
		CREATE TABLE found AS
			SELECT q.node AS src, n.node AS dst FROM embeddings q, LATERAL (SELECT node FROM embeddings e
				WHERE e.node <> q.node ORDER BY z <#> q.z LIMIT 10) n;
		SELECT avg(((src, dst) IN (SELECT src, dst FROM found))::int)
		FROM trained, vgae_recommend_all(model, k => 10, include_known => true)});

	note("recall of the 10 best partners of every paper of Cora: $recall");
	cmp_ok($recall, '>=', 0.98, 'the 10 best partners of every paper of Cora');
}

# ---- Newcomers, and the next training

ask_graphs(
	$node, q{
	INSERT INTO papers VALUES (1501, 'A new paper', 2025, 'venue 3');
	INSERT INTO citations VALUES (1501, 42), (1501, 72), (1501, 102);
	INSERT INTO paper_words SELECT 1501, word FROM paper_words WHERE paper = 42});
run_blocks($node, $newcomers);
is( ask_graphs(
		$node, q{
		SELECT (SELECT count(*) FROM paper_embeddings), avg((n.node % 30 = 12)::int) > 0.5
		FROM (SELECT e.node FROM paper_embeddings q, paper_embeddings e WHERE q.node = 1501 AND e.node <> 1501
			ORDER BY e.embedding <#> q.embedding LIMIT 10) n}),
	'1501|t', 'a paper that came after the training is near those of its field');
is( ask_graphs(
		$node, q{
		UPDATE models SET trained_at = now(),
			model = vgae_train('citations', features => 'paper_words', epochs => 20, warm_start => model)
		WHERE name = 'papers';
		CALL refresh_paper_embeddings();
		SELECT count(*), bool_and(e.trained_at = m.trained_at) FROM paper_embeddings e, models m
		WHERE m.name = 'papers'}),
	'1501|t', 'after the next training all embeddings are its own');

# ---- Vectors as features

is((run_blocks($node, $features))[0], '3', 'a column of vectors is as many features as it has dimensions');
is( ask_graphs(
		$node, q{
		CREATE SCHEMA elsewhere;
		ALTER EXTENSION vector SET SCHEMA elsewhere;
		CREATE TABLE arrays AS SELECT id, embedding::real[] FROM title_embeddings;
		SELECT vgae_train('citations', nodes => 'title_embeddings', epochs => 5)
			= vgae_train('citations', nodes => 'arrays', epochs => 5)}),
	't', 'they are read as arrays are, also when their schema is not in the search_path');
foreach my $case (
	[ 'embedding::elsewhere.halfvec(3)', '::real[]' ],
	[ 'embedding::elsewhere.sparsevec(3)', '::elsewhere.vector::real[]' ])
{
	my ($value, $cast) = @$case;
	my ($status, $printed, $error) = $node->psql('graphs',
		"SELECT vgae_train('citations', nodes => 'SELECT id, $value AS v FROM title_embeddings')");

	like(
		$error,
		qr/column "v" of argument "nodes" cannot be a feature.*has type elsewhere\.\w+\..*make a number, boolean, real\[\]/s,
		"an error that says what to do: $value");
	is( ask_graphs(
			$node, qq{
			SELECT vgae_info(vgae_train('citations', nodes => 'SELECT id, $value$cast AS v FROM title_embeddings',
				epochs => 1)) -> 'features'}),
		'3', "and the cast: $value$cast");
}

$node->stop;
done_testing();
