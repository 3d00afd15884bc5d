# What a long training is to other sessions: seen in vgae_progress, and, by
# vgae_train_into, in nobody's way.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $node = start_node('long');

# held_edges gives edges only while nobody holds a certain lock.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT g % 400 AS src, (g * 7919 + g / 400) % 400 AS dst FROM generate_series(1, 2000) g;
	CREATE VIEW held_edges AS
		SELECT e.* FROM edges e, (SELECT pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1) OFFSET 0) l;
	CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz);
	CREATE ROLE alice LOGIN;
	CREATE ROLE bob LOGIN;
	CREATE ROLE auditor LOGIN IN ROLE pg_read_all_stats;
	GRANT ALL ON ALL TABLES IN SCHEMA public TO alice});

my $forever = 'epochs => 10000000';

# A session of its own that runs statements.
sub start_statement
{
	my ($user, @sql) = @_;
	my %run = (out => '', err => '');

	$run{handle} = IPC::Run::start(
		[ 'psql', '-XAtq', '-U', $user, '-d', $node->connstr('postgres'), map { ('-c', $_) } @sql ],
		'>', \$run{out}, '2>', \$run{err},
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
	return \%run;
}

sub wait_for_progress
{
	my $condition = join(' ', split(' ', shift));

	ok( $node->poll_query_until(
			'postgres', "SELECT count(*) = 1 FROM vgae_progress WHERE $condition"),
		"vgae_progress: $condition");
	return;
}

sub wait_for_none
{
	my ($after) = @_;

	ok($node->poll_query_until('postgres', 'SELECT count(*) = 0 FROM vgae_progress'),
		"vgae_progress is empty after $after");
	return;
}

sub as_user
{
	my ($user, $sql) = @_;

	return $node->safe_psql('postgres', $sql, extra_params => [ '-U', $user ]);
}

# Let held_edges wait, and go on.
sub hold_edges
{
	my $held = start_statement('postgres', 'SELECT pg_advisory_lock(1); SELECT pg_sleep(3600)');

	$node->poll_query_until('postgres',
		q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND granted});
	return $held;
}

sub release_edges
{
	my ($held) = @_;

	$node->safe_psql('postgres',
		q{SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted});
	$held->{handle}->finish;
	return;
}

# ---- Phases

my $holder = hold_edges();
my $run = start_statement('alice', "SELECT vgae_train('held_edges', $forever)");
wait_for_progress(
	q{phase = 'reading' AND datname = 'postgres' AND usename = 'alice' AND epoch = 0 AND epochs = 10000000});
release_edges($holder);
wait_for_progress(
	q{phase = 'training' AND epoch > 10 AND loss > 0 AND validation_score > 0 AND started < now()
		AND estimated_end > now() AND pid = (SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT vgae_train%')});
my $epoch = $node->safe_psql('postgres', 'SELECT epoch FROM vgae_progress');
wait_for_progress("epoch > $epoch");
is( $node->safe_psql(
		'postgres', q{
		SELECT count(*) FROM pg_stat_progress_copy;
		SELECT count(*) FROM pg_stat_progress_vacuum;
		SELECT count(*) FROM pg_stat_progress_analyze;
		SELECT count(*) FROM pg_stat_progress_cluster;
		SELECT count(*) FROM pg_stat_progress_create_index;
		SELECT count(*) FROM pg_stat_progress_basebackup}),
	join("\n", (0) x 6), 'views of other commands do not show it');

# ---- Privileges, as for pg_stat_activity

my $row = q{SELECT datname, usename, phase, epoch > 0, epochs, loss > 0, validation_score > 0,
	started IS NOT NULL, estimated_end IS NOT NULL FROM vgae_progress};
my $whole = 'postgres|alice|training|t|10000000|t|t|t|t';

is(as_user($_, $row), $whole, "$_ sees all of it") foreach 'postgres', 'alice', 'auditor';
is(as_user('bob', $row), 'postgres|alice||||||f|f', 'another user sees that it is there');
$node->safe_psql('postgres', 'GRANT alice TO bob');
is(as_user('bob', $row), $whole, 'a member of its role sees all of it');
$node->safe_psql('postgres', 'REVOKE alice FROM bob');

# ---- Several at once; and every end clears it

my $other = start_statement('bob', "SELECT vgae_train('SELECT 1, 2 UNION SELECT 2, 3', model => 'gae', $forever)");
wait_for_progress(q{usename = 'bob' AND phase = 'training' AND epoch > 0});
wait_for_progress(q{usename = 'alice' AND phase = 'training'});
$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM vgae_progress WHERE usename = 'alice'});
$run->{handle}->finish;
like($run->{err}, qr/canceling statement/, 'one is cancelled');
ok($node->poll_query_until('postgres', q{SELECT string_agg(usename, ' ') = 'bob' FROM vgae_progress}),
	'the other is still seen');
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(pid) FROM vgae_progress');
$other->{handle}->finish;
wait_for_none('pg_terminate_backend');

# ---- NOTICEs of a long training; none of a short one

($run->{out}, $run->{err}) = ('', '');
$node->psql(
	'postgres', "SET statement_timeout = '6500ms'; SELECT vgae_train('edges', $forever)",
	stderr => \$run->{err});
like(
	$run->{err},
	qr/NOTICE:  training: epoch \d+ of 10000000, loss [\d.]+, validation score [\d.]+, about \d+ s left\n/,
	'a long training tells how far it is');
is(scalar(() = $run->{err} =~ /NOTICE/g), 1, 'every few seconds');
$node->psql('postgres', q{SELECT length(vgae_train('edges', epochs => 5))}, stderr => \$run->{err});
is($run->{err}, '', 'a short training is quiet');
wait_for_none('trainings of one session');

# ---- vgae_train_into is in nobody's way

$node->safe_psql('postgres', q{INSERT INTO models VALUES ('papers', '\x00', '2000-01-01')});
$run = start_statement('alice', "CALL vgae_train_into('models', 'papers', 'edges', $forever)");
wait_for_progress(q{phase = 'training' AND epoch > 0});
is( $node->safe_psql(
		'postgres', q{
		SELECT backend_xmin IS NULL, backend_xid IS NULL FROM pg_stat_activity JOIN vgae_progress USING (pid)}),
	't|t', 'it holds no snapshot');
is( $node->safe_psql(
		'postgres', q{SELECT string_agg(locktype, ',') FROM pg_locks JOIN vgae_progress USING (pid)}),
	'virtualxid', 'nor any lock');
is( $node->safe_psql(
		'postgres', q{
		SET lock_timeout = '10s';
		ALTER TABLE edges ADD COLUMN weight float8;
		ALTER TABLE models ADD COLUMN note text DEFAULT 'a note';
		DELETE FROM edges;
		VACUUM edges;
		SELECT pg_relation_size('edges')}),
	'0', 'tables can be changed, and old rows removed');
$node->safe_psql('postgres', 'SELECT pg_cancel_backend(pid) FROM vgae_progress');
$run->{handle}->finish;
like($run->{err}, qr/canceling statement/, 'it can be cancelled');
is($node->safe_psql('postgres', 'SELECT name, model, note FROM models'), 'papers|\x00|a note', 'the former model is there');
wait_for_none('its cancel');

# vgae_train, for comparison
$node->safe_psql(
	'postgres', q{
	ALTER TABLE edges DROP COLUMN weight;
	INSERT INTO edges SELECT g % 400 AS src, (g * 7919 + g / 400) % 400 AS dst FROM generate_series(1, 2000) g});
$run = start_statement('alice', "SELECT vgae_train('edges', $forever)");
wait_for_progress(q{phase = 'training' AND epoch > 0});
is( $node->safe_psql(
		'postgres', q{SELECT backend_xmin IS NULL FROM pg_stat_activity JOIN vgae_progress USING (pid)}),
	'f', 'vgae_train holds its snapshot');
$node->safe_psql('postgres', 'SELECT pg_cancel_backend(pid) FROM vgae_progress');
$run->{handle}->finish;
wait_for_none('a cancel');

# ---- What may happen to the table between reading and storing

# A change waits for the table's lock while edges are read, and gets it at the commit.
foreach my $case (
	[ 'DROP TABLE models', qr/ERROR:  table for model "papers" was dropped during the training.*HINT:  Train again/s ],
	[ 'ALTER TABLE models DROP COLUMN trained_at', qr/ERROR:  table "models" has no column "trained_at" to store a model in/ ],
	[ q{ALTER TABLE models ALTER model TYPE text USING ''}, qr/ERROR:  column "model" of table "models" must be of type bytea/ ],
	[ 'CREATE RULE nothing AS ON INSERT TO models DO INSTEAD NOTHING', qr/ERROR:  table "models" has rules/ ],
	[ 'CREATE RULE nothing AS ON UPDATE TO models DO ALSO NOTHING', qr/ERROR:  table "models" has rules/ ],
	[ 'REVOKE UPDATE ON models FROM alice', qr/ERROR:  permission denied for table models/ ],
	[ 'ALTER TABLE models RENAME TO renamed', qr/^$/ ])
{
	my ($change, $error) = @$case;

	$node->safe_psql(
		'postgres', q{
		DROP TABLE IF EXISTS models;
		CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz);
		GRANT ALL ON models TO alice});
	$holder = hold_edges();
	$run = start_statement('alice', q{CALL vgae_train_into('models', 'papers', 'held_edges', epochs => 5)});
	wait_for_progress(q{phase = 'reading'});
	$other = start_statement('postgres', "BEGIN; LOCK TABLE models; $change; COMMIT");
	$node->poll_query_until('postgres', 'SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND locktype = \'relation\'');
	release_edges($holder);
	$other->{handle}->finish;
	$run->{handle}->finish;
	like($run->{err}, $error, "$change during a training");
}
# Another writer of the row is waited for, whatever the isolation of the session.
foreach my $isolation ('read committed', 'repeatable read', 'serializable')
{
	$node->safe_psql('postgres', q{UPDATE renamed SET model = NULL});
	$holder = hold_edges();
	$other = start_statement('postgres',
		'BEGIN; UPDATE renamed SET trained_at = NULL; SELECT pg_advisory_lock_shared(1); COMMIT');
	$node->poll_query_until('postgres',
		q{SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'});
	$run = start_statement('alice',
		"SET default_transaction_isolation = '$isolation'",
		q{CALL vgae_train_into('renamed', 'papers', 'edges', epochs => 5)});
	ok( $node->poll_query_until('postgres',
			q{SELECT count(*) = 1 FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'}),
		'it waits for another session that updates the row');
	release_edges($holder);
	$other->{handle}->finish;
	$run->{handle}->finish;
	is($run->{err}, '', "and then updates it itself, $isolation");
	is( $node->safe_psql('postgres', 'SELECT count(model), count(trained_at) FROM renamed'),
		'1|1', 'the model is stored');
}
is( $node->safe_psql('postgres', q{SELECT name, model = vgae_train('edges', epochs => 5) FROM renamed}),
	'papers|t', 'it stores what vgae_train returns, also in a table with another name');
wait_for_none('all');

# ---- Storing takes no more memory than training did

SKIP:
{
	skip 'there is no /proc', 2 if !-e '/proc/self/status';

	# A model of 33 MB, as every node has weights of its own
	my $arguments = q{'path', model => 'gae', hidden_dims => '{384}', epochs => 1, validation_fraction => 0};
	my $peak = q{SELECT substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s*(\d+)')};

	$node->safe_psql('postgres',
		'CREATE TABLE path AS SELECT g AS src, g + 1 AS dst FROM generate_series(1, 20000) g');
	my ($bytes, $training) =
	  split(' ', $node->safe_psql('postgres', "SELECT length(vgae_train($arguments)); $peak"));
	foreach my $what ('first', 'next')
	{
		my $storing =
		  $node->safe_psql('postgres', "CALL vgae_train_into('renamed', 'path', $arguments); $peak");

		note("model $bytes bytes; peak with vgae_train $training kB, with vgae_train_into $storing kB");
		cmp_ok($storing, '<', $training + $bytes / 1024, "peak memory for the $what model of a name");
	}
}

$node->stop;
done_testing();
