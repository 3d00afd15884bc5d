# Cancel, timeouts and termination reach every phase at once, whenever they come, and
# the session works on.
#
# By itself this is a short test with generous limits.  VGAE_CANCELS is how many cancels
# each phase gets; from 20 on the inputs are large, and the limits those that are
# promised: see "make check-cancel".  VGAE_CANCEL_PHASES is a regular expression: only
# phases whose names match it.  VGAE_CANCEL_THREADS says with how many threads.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use List::Util qw(max min);
use POSIX qw(ceil);
use Test::More;
use Time::HiRes qw(time usleep);
use VgaeSession;
use VgaeTest;

my $cancels = $ENV{VGAE_CANCELS} // 2;
my $strict = $cancels >= 20;
my $wanted_phases = $ENV{VGAE_CANCEL_PHASES} // '.';
my @wanted_threads = split ' ', $ENV{VGAE_CANCEL_THREADS} // '1 2';

# Seconds.  A machine of many other tasks may let us wait; a hang is longer.
my %limit = $strict ? (p99 => 0.1, worst => 0.25) : (p99 => 5, worst => 5);
my $longest = $strict ? 1 : 0.3;	# that a statement is let run: into the first epochs

my $node = start_node('cancel');
my ($nodes, $edges, $words) = $strict ? (200_000, 2_000_000, 1_000_000) : (20_000, 100_000, 100_000);
my $half = $nodes / 2;
my ($exact, $width) = $strict ? (20_000, 100) : (3_000, 20);
my ($wide, $long, $deep) = $strict ? (3_000_000, 20_000_000, 255) : (50_000, 1_000_000, 31);

srand(1);
$node->safe_psql(
	'postgres', qq{
	ALTER SYSTEM SET max_wal_size = '4GB';
	CREATE TABLE edges AS
		SELECT g % $nodes AS src, (g * 7919::bigint + g / $nodes) % $nodes AS dst FROM generate_series(1, $edges) g;
	CREATE TABLE text_edges AS SELECT 'node ' || src AS src, 'node ' || dst AS dst FROM edges;
	CREATE TABLE exact_edges AS
		SELECT g % $exact AS src, (g * 7919 + g / $exact) % $exact AS dst FROM generate_series(1, 5 * $exact) g;
	CREATE TABLE path AS SELECT g AS src, g + 1 AS dst FROM generate_series(1, 20 * $nodes) g;
	CREATE TABLE star AS SELECT 0 AS src, g AS dst FROM generate_series(1, $edges) g;
	CREATE TABLE people AS
		SELECT g AS id, sin(g) AS a, cos(g) AS b, sin(2 * g) AS c, 'kind ' || g % 9 AS d,
			(SELECT array_agg(sin(g * i)::real) FROM generate_series(1, $width) i) AS e
		FROM generate_series(1, $nodes) g;
	CREATE TABLE words AS
		SELECT g % $nodes AS node, (g * 7919::bigint) % 1000 AS feature, 1 + sin(g) AS value
		FROM generate_series(1, $words) g;
	CREATE TABLE wide AS SELECT g % 1000 AS node, 'f' || g AS feature FROM generate_series(1, $wide) g;
	CREATE TABLE wide_edges AS
		SELECT g % 1000 AS src, (g * 7 + g / 1000) % 1000 AS dst FROM generate_series(1, 5000) g;
	CREATE TABLE long_keys AS
		SELECT repeat('x', $long) || g AS src, repeat('x', $long) || (g + 1) % 20 AS dst FROM generate_series(0, 19) g;
	CREATE TABLE scores AS SELECT sin(g) AS score, g % 3 = 0 AS label FROM generate_series(1, $edges) g;
	CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz);
	ALTER TABLE models ALTER model SET STORAGE EXTERNAL;
	INSERT INTO models VALUES
		('graph', vgae_train('edges', epochs => 1, test_fraction => 0.1)),
		('featured', vgae_train('edges', features => 'words', epochs => 1)),
		('wide', vgae_train('wide_edges', features => 'wide', hidden_dims => '{4}', latent_dim => 2, epochs => 0)),
		('long', vgae_train('long_keys', epochs => 0)),
		('large', vgae_train('edges', hidden_dims => ARRAY[$width], latent_dim => $width, epochs => 0))});

# All rows of a function of a model; all of them are computed.
sub using
{
	my ($model, $what) = @_;

	return "SELECT count(s) FROM models, LATERAL $what s WHERE name = '$model'";
}

# What each phase is asked to do.  Options: only a new session does it (new); it is let run
# for more seconds, to get into the first epochs, and then there are fewer cancels (longest).
my %slow = $strict ? (longest => 10) : ();
my @phases = (
	[ 'reading edges', q{SELECT * FROM vgae_estimate('edges')} ],
	[ 'reading text keys', q{SELECT * FROM vgae_estimate('text_edges')} ],
	[ 'reading nodes', q{SELECT * FROM vgae_estimate(nodes => 'people', model => 'ae')} ],
	[ 'reading features', q{SELECT * FROM vgae_estimate('edges', features => 'words')} ],
	[ 'reading many nodes', q{SELECT * FROM vgae_estimate('path', hidden_dims => '{}', latent_dim => 2)} ],
	[ 'training ae', q{SELECT vgae_train(nodes => 'people', model => 'ae', epochs => 1000000)} ],
	[ 'training vae', q{SELECT vgae_train(nodes => 'people', model => 'vae', epochs => 1000000, patience => 10000, dropout => 0.1)} ],
	[ 'training gae', q{SELECT vgae_train('edges', features => 'words', model => 'gae', epochs => 1000000)} ],
	[ 'training vgae', q{SELECT vgae_train('edges', epochs => 1000000, dropout => 0.1, edge_mask => 0.3, patience => 10000)} ],
	[ 'training on a star', q{SELECT vgae_train('star', hidden_dims => '{4}', latent_dim => 2, epochs => 1000000)} ],
	[ 'all pairs', q{SELECT vgae_train('exact_edges', epochs => 1000000, negatives => 'Infinity')} ],
	[ 'a whole training', q{SELECT length(vgae_train('edges', epochs => 1, test_fraction => 0.1))} ],
	[ 'a whole training on rows', q{SELECT length(vgae_train(nodes => 'people', model => 'vae', epochs => 1))} ],
	[ 'warm start', q{SELECT length(vgae_train('edges', features => 'words', epochs => 1, warm_start => (SELECT model FROM models WHERE name = 'featured')))} ],
	[ 'storing a model', q{CALL vgae_train_into('models', 'stored', 'exact_edges', hidden_dims => '{100}', epochs => 0)} ],
	[ 'loading a model', using('large', 'vgae_info(model)'), new => 1 ],
	[ 'many features', q{SELECT * FROM vgae_estimate(features => 'wide', model => 'ae', hidden_dims => '{}', latent_dim => 2)} ],
	[ 'rows of many features', q{SELECT length(vgae_train(features => 'wide', model => 'ae', hidden_dims => '{}', latent_dim => 2, epochs => 1))}, %slow ],
	[ 'nodes of many features', q{SELECT length(vgae_train('wide_edges', features => 'wide', hidden_dims => '{4}', latent_dim => 2, dropout => 0.1, patience => 10))}, %slow ],
	[ 'loading a model of many features', using('wide', 'vgae_info(model)'), new => 1 ],
	[ 'long keys', q{SELECT length(vgae_train('long_keys', epochs => 1))}, %slow ],
	[ 'loading a model of long keys', using('long', 'vgae_info(model)'), new => 1 ],
	[ 'many layers', qq{SELECT vgae_train('exact_edges', hidden_dims => array_fill(16, ARRAY[$deep]), epochs => 1000000)} ],
	[ 'many layers for rows', qq{SELECT vgae_train(nodes => 'people', model => 'vae', hidden_dims => array_fill(16, ARRAY[$deep]), epochs => 1000000)} ],
	[ 'vgae_predict_links', using('graph', 'vgae_predict_links(model, k => 1000000)') ],
	[ 'vgae_recommend_all', using('graph', 'vgae_recommend_all(model, k => 10)') ],
	[ 'vgae_anomalies', using('graph', 'vgae_anomalies(model, k => 1000000)') ],
	[ 'vgae_evaluate', using('graph', q{vgae_evaluate(model, 'edges')}) ],
	[ 'vgae_evaluate of given pairs', using('graph', qq{vgae_evaluate(model, 'SELECT src, dst FROM edges WHERE src < $half AND dst < $half', 'SELECT src, dst FROM edges WHERE src >= $half AND dst >= $half')}) ],
	[ 'vgae_embeddings', using('graph', 'vgae_embeddings(model)') ],
	[ 'vgae_encode_graph', using('featured', q{vgae_encode_graph(model, 'edges', features => 'words')}) ],
	[ 'vgae_sample_posterior', using('graph', 'vgae_sample_posterior(model, n => 1000)') ],
	[ 'vgae_sample_prior', using('graph', 'vgae_sample_prior(model, n => 100000000)') ],
	[ 'vgae_generate_graph', using('graph', 'vgae_generate_graph(model, 100000)') ],
	[ 'vgae_link_probability', using('graph', 'vgae_link_probability(model, 1, 2, samples => 2000000000)') ],
	[ 'vgae_plot', using('graph', 'vgae_plot(model)') ],
	[ 'vgae_auc', q{SELECT vgae_auc(score, label) FROM scores} ]);

my $observer = VgaeSession->new($node);

my %message = (
	cancel => qr/canceling statement due to user request/,
	timeout => qr/canceling statement due to statement timeout/,
	terminate => qr/terminating connection due to administrator command|server closed the connection/);

# A session that has loaded everything.
sub new_session
{
	my ($threads) = @_;

	return VgaeSession->new($node, 'SET client_min_messages = error', "SET vgae.threads = $threads",
		"SELECT length(vgae_train('SELECT g, g + 1 FROM generate_series(1, 100) g', epochs => 1))");
}

sub is_working
{
	my ($session, $what) = @_;

	is($session->ask(q{SELECT length(vgae_train('SELECT g, g + 1 FROM generate_series(1, 100) g', epochs => 3)) > 0}),
		't', "$what: the session works on");
	return;
}

# What PostgreSQL is asked between two statements it does not heed.  Was it so?  Then ask
# again until the statement that came after has ended.
sub missed
{
	my ($session, $asked) = @_;
	my $pid = $session->pid;

	return 0 if $observer->ask("SELECT query_start < to_timestamp($asked) FROM pg_stat_activity WHERE pid = $pid") eq 't';
	kill('INT', $pid);
	return defined $session->receive(60);
}

# Stop the statement $delay seconds after it was sent.  Returns how many seconds it took
# to stop, or undef if the statement ended before.
sub stop
{
	my ($session, $how, $statement, $delay) = @_;
	my $sent;
	my $asked;
	my $printed;

	if ($how eq 'timeout')
	{
		my $milliseconds = ceil(1000 * $delay);

		$session->ask("SET statement_timeout = $milliseconds");
		$sent = time;
		$session->send($statement);
		$asked = $sent + $milliseconds / 1000;
		$printed = $session->receive(60);
	}
	else
	{
		$session->send($statement);
		usleep(1e6 * $delay);
		$asked = time;
		kill(($how eq 'cancel' ? 'INT' : 'TERM'), $session->pid);
		$printed = $session->receive(2);
		return undef if !defined $printed && missed($session, $asked);
		$printed //= $session->receive(58);
	}
	my $seconds = time - $asked;

	$session->ask('RESET statement_timeout') if $how eq 'timeout' && defined $printed;
	return 60 unless defined $printed;
	return $seconds if $printed =~ $message{$how};
	diag("$how: $printed") if $printed =~ /ERROR|FATAL/;
	return undef;
}

# The value that so large a part of them is not above.
sub quantile
{
	my ($part, @values) = @_;

	@values = sort { $a <=> $b } @values;
	return $values[max(0, ceil($part * @values) - 1)];
}

sub report
{
	my ($what, $wanted, @seconds) = @_;

	cmp_ok(scalar @seconds, '>=', $wanted, "$what: stopped") || return;
	my $line = sprintf('%-42s %5d   median %4.0f   99 %% %4.0f   worst %4.0f ms', $what, scalar @seconds,
		map { 1000 * quantile($_, @seconds) } 0.5, 0.99, 1);

	$strict ? diag($line) : note($line);
	cmp_ok(quantile(0.99, @seconds), '<', $limit{p99}, "$what: within the limit");
	cmp_ok(max(@seconds), '<', $limit{worst}, "$what: never late");
	return;
}

my %all;
foreach my $threads (@wanted_threads)
{
	my $count = $threads == 1 ? '1 thread' : "$threads threads";

	foreach my $phase (grep { $_->[0] =~ /$wanted_phases/ } @phases)
	{
		my ($name, $statement, %option) = @$phase;
		my $what = "$name, $count";
		my $session = new_session($threads);
		my $let_run = $option{longest} // $longest;
		my $fewer = $option{longest} ? 5 : 1;
		my %seconds;

		# How long it takes, or is let run.
		my $started = time;
		stop($session, 'timeout', $statement, $let_run);
		my $duration = max(0.002, min($let_run, time - $started));

		foreach my $how ($strict ? qw(cancel timeout terminate) : qw(cancel timeout))
		{
			my $wanted = ceil($cancels / $fewer / ($how eq 'cancel' ? 1 : 10));

			$seconds{$how} = [];
			for (my $tries = 0; @{ $seconds{$how} } < $wanted && $tries < 20 * $wanted; $tries++)
			{
				if ($option{new} || $session->ended)
				{
					$session->close;
					$session = new_session($threads);
				}
				my $taken = stop($session, $how, $statement, rand($duration));

				push @{ $seconds{$how} }, $taken if defined $taken;
			}
		}
		$session = new_session($threads) if $session->ended;
		is_working($session, $what);
		$session->close;
		report($what, ceil($cancels / $fewer), @{ $seconds{cancel} });
		push @{ $all{"$_, all phases, $count"} }, @{ $seconds{$_} } foreach keys %seconds;
	}
}
report($_, 1, @{ $all{$_} }) foreach sort keys %all;

# Termination, in the short test: of a training with threads.
my $session = new_session(2);
cmp_ok(stop($session, 'terminate', $phases[8][1], 0.2), '<', $limit{worst}, 'a terminated backend ends soon');
ok($session->ended, 'its connection is closed');
$session->close;
$observer->close;

# Caught by an exception handler, which trains on.
my $caught = '';
$node->psql(
	'postgres', q{
	SET statement_timeout = '200ms';
	DO $$
	BEGIN
		PERFORM vgae_train('edges', epochs => 1000000);
	EXCEPTION WHEN query_canceled THEN
		PERFORM vgae_train('SELECT g, g + 1 FROM generate_series(1, 100) g', epochs => 1);
		RAISE NOTICE 'caught';
	END $$},
	stderr => \$caught);
like($caught, qr/NOTICE:  caught/, 'an exception handler catches a cancel');

is($node->safe_psql('postgres', 'SELECT 1'), 1, 'the server is there');
$node->stop;

# A backend that crashed would have said so here.
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile),
	qr/terminated by signal|PANIC|server process .* exited/, 'no backend crashed');

done_testing();
