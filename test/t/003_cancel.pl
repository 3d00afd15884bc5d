# Cancel, timeouts and termination reach every phase, and the session works on.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);
use VgaeTest;

my $node = start_node('cancel');

$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT g % 4000 AS src, (g * 7919 + g / 4000) % 4000 AS dst FROM generate_series(1, 20000) g;
	CREATE TABLE people AS SELECT g AS id, random() AS x, random() AS y FROM generate_series(1, 5000) g;
	CREATE TABLE models AS
		SELECT vgae_train('edges', model => 'vgae', epochs => 1) AS model});

# What each phase is asked to do: more than anyone would wait for.
my %phases = (
	'reading edges' => q{SELECT vgae_train('SELECT g AS src, g + 1 AS dst FROM generate_series(1, 1000000000) g')},
	'training with all pairs' => q{SELECT vgae_train('edges', epochs => 1000000, negatives => 'Infinity')},
	'training with sampled pairs' => q{SELECT vgae_train('edges', epochs => 1000000, negatives => 5)},
	'training rows' => q{SELECT vgae_train(nodes => 'people', model => 'vae', epochs => 1000000)},
	'generating' => q{SELECT count(*) FROM models, vgae_generate_graph(model, 100000)},
	'sampling' => q{SELECT count(*) FROM models, vgae_sample_posterior(model, n => 1000000)},
	'plotting' => q{SELECT sum(length(vgae_plot(model, labels => $$SELECT g, g % 9 FROM generate_series(0, 3999) g$$)))
		FROM models, generate_series(1, 1000000)},
	'recommending' => q{SELECT count(*) FROM models, generate_series(1, 1000000),
		LATERAL vgae_recommend_all(model, k => 100)});

foreach my $threads (1, 2)
{
	foreach my $phase (sort keys %phases)
	{
		my ($out, $err) = ('', '');
		my $started = time;

		$node->psql(
			'postgres',
			"SET vgae.threads = $threads; SET statement_timeout = '300ms'; $phases{$phase}",
			stdout => \$out, stderr => \$err);
		my $seconds = time - $started;

		like($err, qr/canceling statement due to statement timeout/,
			"$phase, $threads threads: statement_timeout ends it");
		note sprintf('%s: %.2f s', $phase, $seconds);
		# Generous: this is no measurement, only a promise that it does not hang.
		cmp_ok($seconds, '<', 10, "$phase, $threads threads: soon");
	}
}

# The same session goes on after a cancelled training, caught or not.
my ($stdout, $stderr) = ('', '');
$node->psql(
	'postgres', q{
	SET vgae.threads = 2;
	SET statement_timeout = '200ms';
	SELECT vgae_train('edges', epochs => 1000000);
	SELECT vgae_train(nodes => 'people', model => 'ae', epochs => 1000000);
	DO $$
	BEGIN
		PERFORM vgae_train('edges', epochs => 1000000);
	EXCEPTION WHEN query_canceled THEN
		PERFORM vgae_train('edges', epochs => 1);
	END $$;
	RESET statement_timeout;
	SELECT length(vgae_train('edges', epochs => 1)) > 0},
	on_error_stop => 0, stdout => \$stdout, stderr => \$stderr);
is($stdout, 't', 'a session trains after trainings that were cancelled');
is(scalar(() = $stderr =~ /canceling statement/g), 2, 'an exception handler catches a cancel');

# pg_cancel_backend and pg_terminate_backend from another session.
foreach my $how ('pg_cancel_backend', 'pg_terminate_backend')
{
	my ($in, $out, $err) = ('', '', '');
	my $psql = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $phases{'training with all pairs'} ],
		'<', \$in, '>', \$out, '2>', \$err,
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));

	$node->poll_query_until(
		'postgres', q{SELECT count(*) = 1 FROM pg_stat_activity
			WHERE query LIKE 'SELECT vgae_train%' AND state = 'active'});
	usleep(300_000);
	$node->safe_psql(
		'postgres', qq{SELECT $how(pid) FROM pg_stat_activity
			WHERE query LIKE 'SELECT vgae_train%' AND state = 'active'});
	$psql->finish;
	like(
		$err,
		$how eq 'pg_cancel_backend' ? qr/canceling statement due to user request/
		: qr/terminating connection due to administrator command/,
		"$how ends a training");
}
is($node->safe_psql('postgres', 'SELECT 1'), 1, 'the server is there');
$node->stop;

# A backend that crashed would have said so here.
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile),
	qr/terminated by signal|PANIC|server process .* exited/, 'no backend crashed');

done_testing();
