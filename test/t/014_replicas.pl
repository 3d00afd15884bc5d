# Models on replicas: a hot standby, also after it was promoted, and a subscriber.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use Test::More;
use VgaeTest;

my $primary = start_node('primary', "wal_level = logical\n");

create_models($primary);

# A standby that was there before the last model, so that it comes by the WAL.
$primary->backup('backup');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->append_conf('postgresql.conf', 'max_standby_streaming_delay = 100ms');
$standby->start;

# A subscriber, without the extension: bytes are bytes.
my $subscriber = start_node('subscriber');
$subscriber->safe_psql(
	'postgres', q{
	DROP EXTENSION vgae;
	CREATE TABLE models (name text PRIMARY KEY, model bytea)});
$primary->safe_psql('postgres', 'CREATE PUBLICATION models FOR TABLE models');
$subscriber->safe_psql('postgres',
	sprintf(q{CREATE SUBSCRIPTION models CONNECTION $$%s$$ PUBLICATION models},
		$primary->connstr('postgres')));
$subscriber->wait_for_subscription_sync($primary, 'models');
is( $subscriber->safe_psql('postgres', 'SELECT name, sha256(model) FROM models ORDER BY name'),
	$primary->safe_psql('postgres', 'SELECT name, sha256(model) FROM models ORDER BY name'),
	'same bytes on a subscriber, which need not know vgae');

# Changes of all kinds travel as well.
$primary->safe_psql(
	'postgres', q{
	INSERT INTO models VALUES ('another gae', vgae_train('edges', model => 'gae', seed => 1));
	INSERT INTO models VALUES ('passing gae', vgae_train('edges', model => 'gae', seed => 2));
	DELETE FROM models WHERE name = 'passing gae';
	UPDATE models SET model = vgae_train('edges', model => 'gae', seed => 3) WHERE name = 'another gae'});
my $expected = model_answers($primary);

$primary->wait_for_catchup($standby, 'replay', $primary->lsn('write'));
$primary->wait_for_catchup('models');
is(model_answers($standby), $expected, 'same models on a standby');
is(changed_trainings($standby), '', 'training on a standby gives the same bytes');
is( $standby->safe_psql(
		'postgres', q{
		SELECT memory_bytes > 0 FROM vgae_estimate('edges');
		SELECT auc > 0.5 FROM models, vgae_evaluate(model, 'edges') WHERE name = 'gae' AND method = 'vgae';
		SELECT count(*) FROM models, vgae_encode_graph(model, NULL::text, 'edges', 'people', NULL)
		WHERE name = 'vgae'}),
	"t\nt\n100", 'functions that read tables, on a standby');

# The query for the edges sees the training that it belongs to.
is( $standby->safe_psql(
		'postgres', q{
		SELECT vgae_info(vgae_train($$
			SELECT e.* FROM edges e WHERE EXISTS (
				SELECT FROM vgae_progress WHERE pid = pg_backend_pid() AND phase = 'reading')$$,
			epochs => 1)) ->> 'nodes'}),
	'100', 'vgae_progress on a standby');
my ($stdout, $stderr) = ('', '');
$standby->psql('postgres', q{CALL vgae_train_into('models', 'gae', 'edges')}, stderr => \$stderr);
like($stderr, qr/cannot execute CALL vgae_train_into\(\) in a read-only transaction/, 'nothing is stored on a standby');
$standby->psql('postgres', q{SELECT vgae_train('WITH w AS (INSERT INTO edges VALUES (1, 2) RETURNING *) TABLE w')},
	stdout => \$stdout, stderr => \$stderr);
like($stderr, qr/a query that only reads/, 'nothing is written on a standby');

$subscriber->safe_psql('postgres', 'CREATE EXTENSION vgae');
is(model_answers($subscriber), $expected, 'same models on a subscriber');

# A training keeps no lock on what it has read: neither stands in the other's way.
$primary->safe_psql('postgres', 'CREATE TABLE doomed AS TABLE edges');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('write'));
my $doomed = start_psql($standby, q{SELECT vgae_train('doomed', epochs => 10000000)});
$standby->poll_query_until('postgres', q{SELECT count(*) > 0 FROM vgae_progress WHERE phase = 'training'});
$primary->safe_psql('postgres', 'DROP TABLE doomed');
$primary->wait_for_catchup($standby, 'replay', $primary->lsn('write'));
is($standby->safe_psql('postgres', 'SELECT pg_cancel_backend(pid) FROM vgae_progress'), 't',
	'a training on a standby goes on when what it has read is dropped');
ok(!finish_psql($doomed), 'and can be cancelled');

# A session of the standby that has parsed a model trains on while it is promoted.
my $session = start_psql(
	$standby, q{
	SELECT sha256(model) = sha256(vgae_train('edges', model => 'gae', seed => 3))
		FROM models WHERE name = 'another gae';
	DO 'BEGIN WHILE pg_is_in_recovery() LOOP PERFORM pg_sleep(0.05); END LOOP; END';
	INSERT INTO models SELECT 'new gae', vgae_train('edges', model => 'gae', seed => 3);
	SELECT count(DISTINCT model) FROM models WHERE name IN ('new gae', 'another gae')});
$standby->promote;
ok(finish_psql($session), 'a session lives through a promotion');
is($session->{out}, "t\n1\n", 'and writes models then');

$_->stop foreach ($subscriber, $standby, $primary);
done_testing();
