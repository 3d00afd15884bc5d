# A model lives on: dump and restore, a standby, read-only transactions, parallel
# workers, prepared statements, other sessions.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $node = start_node('primary');
my $directory = PostgreSQL::Test::Utils::tempdir();
my $answers = q{
	SELECT name, encode(sha256(model), 'hex'), vgae_info(model) ->> 'nodes',
		round(vgae_link_score(model, 'n1'::text, 'n2'::text)::numeric, 6),
		(SELECT string_agg(src || '-' || dst, ' ') FROM vgae_predict_links(model, NULL::text, k => 5))
	FROM models ORDER BY name};

$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT 'n' || g % 100 AS src, 'n' || (g * 7 + g / 100) % 100 AS dst FROM generate_series(1, 400) g;
	CREATE TABLE models (name text PRIMARY KEY, model bytea);
	INSERT INTO models VALUES ('gae', vgae_train('edges', model => 'gae', epochs => 20)),
		('vgae', vgae_train('edges', epochs => 20))});
my $expected = $node->safe_psql('postgres', $answers);

# Dump and restore, in both formats.
foreach my $format ('plain', 'custom')
{
	$node->safe_psql('postgres', "CREATE DATABASE restored_$format");
	$node->command_ok(
		[ 'pg_dump', '--format', $format, '-f', "$directory/$format", $node->connstr('postgres') ],
		"pg_dump, $format");
	$node->command_ok(
		$format eq 'plain'
		? [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$directory/plain", $node->connstr('restored_plain') ]
		: [ 'pg_restore', '-d', $node->connstr('restored_custom'), "$directory/custom" ],
		"restore, $format");
	is($node->safe_psql("restored_$format", $answers), $expected, "same models, $format");
}

# A standby reads models and trains: neither writes anything.
$node->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby, 'replay', $node->lsn('write'));
is($standby->safe_psql('postgres', $answers), $expected, 'same models on a standby');
is( $standby->safe_psql(
		'postgres', q{
		SELECT vgae_train('edges', epochs => 20) = model FROM models WHERE name = 'vgae'}),
	't', 'training on a standby gives the same bytes');

# The query for the edges sees the training that it belongs to.
is( $standby->safe_psql(
		'postgres', q{
		SELECT vgae_info(vgae_train($$
			SELECT e.* FROM edges e WHERE EXISTS (
				SELECT FROM vgae_progress WHERE pid = pg_backend_pid() AND phase = 'reading')$$,
			epochs => 1)) ->> 'nodes'}),
	'100', 'vgae_progress on a standby');
my $stderr = '';
$standby->psql('postgres', q{CALL vgae_train_into('models', 'gae', 'edges')}, stderr => \$stderr);
like($stderr, qr/cannot execute CALL vgae_train_into\(\) in a read-only transaction/, 'nothing is stored on a standby');
$standby->stop;

is( $node->safe_psql(
		'postgres', q{
		BEGIN READ ONLY;
		SELECT vgae_train('edges', epochs => 20) = model FROM models WHERE name = 'vgae';
		COMMIT}),
	't', 'training in a read-only transaction');

# Parallel workers: as many answers as the leader alone gives.
my $scores = q{
	SELECT count(score), round(sum(score)::numeric, 4) FROM (
		SELECT vgae_link_score(model, e.src, e.dst) AS score FROM models, edges e WHERE name = 'gae') s};
my $alone = $node->safe_psql('postgres', "SET max_parallel_workers_per_gather = 0; $scores");
is( $node->safe_psql(
		'postgres', qq{
		SET force_parallel_mode = on; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
		SET min_parallel_table_scan_size = 0; $scores}),
	$alone, 'parallel workers score as the leader does');

# A prepared statement, planned generically, and a function in another language.
is( $node->safe_psql(
		'postgres', q{
		SET plan_cache_mode = force_generic_plan;
		PREPARE score (text, text) AS
			SELECT round(vgae_link_score(model, $1, $2)::numeric, 6) FROM models WHERE name = 'gae';
		CREATE FUNCTION score(a text, b text) RETURNS numeric LANGUAGE plpgsql AS $$
		DECLARE
			m bytea := (SELECT model FROM models WHERE name = 'gae');
		BEGIN
			RETURN round(vgae_link_score(m, a, b)::numeric, 6);
		END $$;
		CREATE TABLE results (i serial, result numeric);
		DO $$ BEGIN FOR i IN 1 .. 3 LOOP INSERT INTO results (result) VALUES (score('n1', 'n2')); END LOOP; END $$;
		INSERT INTO results (result)
			SELECT round(vgae_link_score(model, 'n1'::text, 'n2'::text)::numeric, 6) FROM models WHERE name = 'gae';
		SELECT count(DISTINCT result), count(*) FROM results}),
	'1|4', 'PL/pgSQL gives the same score');

# A stale model must not be served when the row changes within one session.
is( $node->safe_psql(
		'postgres', q{
		CREATE TABLE current (model bytea);
		INSERT INTO current SELECT model FROM models WHERE name = 'gae';
		PREPARE kind AS SELECT vgae_info(model) ->> 'model' FROM current;
		EXECUTE kind;
		UPDATE current SET model = (SELECT model FROM models WHERE name = 'vgae');
		EXECUTE kind}),
	"gae\nvgae", 'a changed model is seen at once');

$node->stop;
done_testing();
