# A model lives on: dump and restore, read-only transactions, parallel workers,
# prepared statements, other languages and relations, other sessions.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $node = start_node('primary');
my $directory = PostgreSQL::Test::Utils::tempdir();

sub query
{
	return $node->safe_psql('postgres', $_[0]);
}

create_models($node);
my $expected = model_answers($node);

# Dump and restore, where other relations are made of the models: their contents
# are computed anew, under the empty search_path of a restore.
query(
	q{
	CREATE INDEX ON models ((vgae_info(model) ->> 'latent_dim'));
	CREATE MATERIALIZED VIEW links AS
		SELECT l.* FROM public.models, vgae_predict_links(model, NULL::text) l WHERE name = 'gae';
	CREATE MATERIALIZED VIEW trained AS SELECT vgae_train('public.edges', epochs => 5) AS model;
	CREATE TABLE scores (src text, dst text, model bytea,
		score float8 GENERATED ALWAYS AS (vgae_link_score(model, src, dst)) STORED);
	INSERT INTO scores SELECT 'n1', 'n2', model FROM models WHERE name = 'vgae'});
my $made_of_models = q{
	SELECT count(*), round(sum(score)::numeric, 4) FROM links;
	SELECT encode(sha256(model), 'hex') FROM trained;
	SELECT round(score::numeric, 4) FROM scores};
my $expected_of_models = query($made_of_models);

foreach my $format ('plain', 'custom', 'directory')
{
	$node->safe_psql('postgres', "CREATE DATABASE restored_$format");
	$node->command_ok(
		[ 'pg_dump', '--format', $format, '-f', "$directory/$format", $node->connstr('postgres') ],
		"pg_dump, $format");
	$node->command_ok(
		$format eq 'plain'
		? [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$directory/plain", $node->connstr('restored_plain') ]
		: [ 'pg_restore', '--exit-on-error', '-d', $node->connstr("restored_$format"), "$directory/$format" ],
		"restore, $format");
	is(model_answers($node, "restored_$format"), $expected, "same models, $format");
	is($node->safe_psql("restored_$format", $made_of_models),
		$expected_of_models, "same relations made of models, $format");
}

is(changed_trainings($node, 'BEGIN READ ONLY;'), '', 'training in a read-only transaction');

# Relations made of models while they are read, written and sorted.
is( query(
		q{
		CREATE TABLE copy AS SELECT vgae_train('edges', model => 'gae', epochs => 20) AS model;
		CREATE TEMP TABLE temporary AS SELECT vgae_train('edges', model => 'gae', epochs => 20) AS model;
		CREATE UNLOGGED TABLE unlogged AS SELECT vgae_train('edges', model => 'gae', epochs => 20) AS model;
		SELECT count(*), count(DISTINCT model) FROM (
			SELECT model FROM models WHERE name = 'gae' UNION ALL
			TABLE copy UNION ALL TABLE temporary UNION ALL TABLE unlogged) m}),
	'4|1', 'CREATE TABLE AS');
is( query(
		q{
		REFRESH MATERIALIZED VIEW links;
		BEGIN;
		DECLARE best CURSOR WITH HOLD FOR SELECT count(*) OVER () FROM links;
		COMMIT;
		FETCH 1 FROM best}),
	10, 'a materialized view, a cursor that outlives its transaction');

# Parallel workers: they are there, and give as many answers as the leader alone.
my $parallel = q{
	SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	ALTER TABLE edges SET (parallel_workers = 2);
	SET max_parallel_workers_per_gather = 2; SET parallel_leader_participation = off; SET vgae.threads = 2;};
my %in_workers = (
	'scores' => q{
		SELECT count(*), round(sum(vgae_link_score(model, src, dst)
			+ vgae_link_probability(model, src, dst))::numeric, 4)
		FROM edges, (SELECT model FROM models WHERE name = 'gae') m},
	'recommendations' => q{
		SELECT count(*), round(sum(score)::numeric, 4)
		FROM edges, (SELECT model FROM models WHERE name = 'vgae') m, vgae_recommend(model, src)},
	'aggregates' => q{
		SELECT round(vgae_auc(vgae_link_score(model, src, dst), src < dst)::numeric, 6)
		FROM edges, (SELECT model FROM models WHERE name = 'vgae') m});
foreach my $what (sort keys %in_workers)
{
	my $alone = query("SET max_parallel_workers_per_gather = 0; $in_workers{$what}");

	like(
		query("$parallel EXPLAIN (ANALYZE, COSTS off) $in_workers{$what}"),
		qr/Workers Launched: [12]/, "parallel workers are started, $what");
	is(query("$parallel $in_workers{$what}"), $alone, "parallel workers answer as the leader does, $what");
}

# Prepared statements, with plans for these values and for any.
foreach my $mode ('force_custom_plan', 'force_generic_plan')
{
	is( query(
			qq{
			SET plan_cache_mode = $mode;
			PREPARE train (text, text, int) AS SELECT vgae_train(\$1, model => \$2, epochs => \$3);
			PREPARE answer (text, text, text) AS
				SELECT round(vgae_link_score(model, \$2, \$3)::numeric, 6) FROM models WHERE name = \$1;
			CREATE TEMP TABLE first AS EXECUTE train('edges', 'gae', 20);
			CREATE TEMP TABLE second AS EXECUTE train('edges', 'gae', 20);
			CREATE TEMP TABLE third AS EXECUTE answer('gae', 'n1', 'n2');
			CREATE TEMP TABLE fourth AS EXECUTE answer('gae', 'n1', 'n2');
			SELECT first = second, third = fourth, first.vgae_train = model,
				third.round = round(vgae_link_score(model, 'n1'::text, 'n2')::numeric, 6)
			FROM first, second, third, fourth, models WHERE name = 'gae'}),
		't|t|t|t', "prepared statements, $mode");
}

# A stale model must not be served when the row changes within one session.
is( query(
		q{
		CREATE TABLE current (model bytea);
		INSERT INTO current SELECT model FROM models WHERE name = 'gae';
		PREPARE kind AS SELECT vgae_info(model) ->> 'model' FROM current;
		EXECUTE kind;
		UPDATE current SET model = (SELECT model FROM models WHERE name = 'vgae');
		EXECUTE kind}),
	"gae\nvgae", 'a changed model is seen at once');

# PL/pgSQL: trainings and answers in loops and subtransactions, after errors, in a
# function that is called from a query over models.
is( query(
		q{
		CREATE FUNCTION score(m bytea, a text, b text) RETURNS numeric LANGUAGE plpgsql AS $$
		BEGIN
			RETURN round(vgae_link_score(m, a, b)::numeric, 6);
		END $$;
		CREATE FUNCTION trainings() RETURNS SETOF bytea LANGUAGE plpgsql AS $$
		DECLARE
			m bytea;
		BEGIN
			FOR i IN 1 .. 3 LOOP
				BEGIN
					m := vgae_train('edges', model => 'gae', epochs => 20);
					RETURN NEXT m;
					m := vgae_train('SELECT src, (1 / (length(dst) - 3))::text FROM edges');
					RETURN NEXT m;
				EXCEPTION WHEN division_by_zero THEN
					NULL;
				END;
			END LOOP;
		END $$;
		SELECT count(*), count(DISTINCT score(t, 'n1', 'n2')), bool_and(t = model),
			bool_and(score(t, 'n1', 'n2') = round(vgae_link_score(model, 'n1'::text, 'n2')::numeric, 6))
		FROM trainings() t, models WHERE name = 'gae'}),
	'3|1|t|t', 'PL/pgSQL trains and answers');

# Eight sessions train at once what one has trained before them.
my @kinds = ('ae', 'vae', 'gae', 'vgae');
my %at_once = map {
	my $edges = $_ =~ /gae/ ? "edges => 'edges', " : '';
	my $kind = $_;
	map {
		("$kind, seed $_" =>
			  "SELECT sha256(vgae_train(${edges}nodes => 'people', model => '$kind', epochs => 200, seed => $_))")
	} (1, 2)
} @kinds;
my %alone = map { $_ => query($at_once{$_}) } keys %at_once;
my %sessions = map { $_ => start_psql($node, "SET vgae.threads = 2; $at_once{$_}") } keys %at_once;

is(scalar(keys %sessions), 8, 'eight sessions');
foreach (sort keys %sessions)
{
	ok(finish_psql($sessions{$_}), "eight at once: $_ is trained");
	is($sessions{$_}{out}, "$alone{$_}\n", "eight at once: $_ is what it is alone");
}

$node->stop;
done_testing();
