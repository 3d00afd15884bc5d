# Memory: what vgae_estimate says, what vgae.memory_limit refuses, what happens when the
# system has none left, and that nothing stays behind.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VgaeSession;
use VgaeTest;

my $megabyte = 1024 * 1024;
my $node = start_node('memory');

$node->safe_psql(
	'postgres', q{
	CREATE TABLE karate AS
		SELECT g % 34 AS src, (g * 7 + g / 34) % 34 AS dst FROM generate_series(1, 78) g;
	CREATE TABLE cora AS
		SELECT g % 2708 AS src, (g * 7919 + g / 2708) % 2708 AS dst FROM generate_series(1, 5429) g;
	CREATE TABLE edges AS
		SELECT g % 30000 AS src, (g * 7919::bigint + g / 30000) % 30000 AS dst FROM generate_series(1, 300000) g;
	CREATE TABLE text_edges AS SELECT 'node ' || src AS src, 'node ' || dst AS dst, 1 + src % 7 AS weight FROM edges;
	CREATE TABLE words AS
		SELECT g % 30000 AS node, (g * 7919::bigint) % 1000 AS feature, 1 + sin(g) AS value
		FROM generate_series(1, 2000000) g;
	CREATE TABLE points AS SELECT g AS id, sin(g) AS x, cos(g) AS y, sin(2 * g) AS z FROM generate_series(1, 150) g;
	CREATE TABLE digits AS
		SELECT g AS id, (SELECT array_agg(sin(g * i)::real) FROM generate_series(1, 64) i) AS pixels
		FROM generate_series(1, 1797) g;
	CREATE TABLE people AS
		SELECT g AS id, sin(g) AS a, cos(g) AS b, 'kind ' || g % 9 AS c,
			(SELECT array_agg(sin(g * i)::real) FROM generate_series(1, 60) i) AS d
		FROM generate_series(1, 40000) g;
	CREATE TABLE models AS SELECT vgae_train('edges', epochs => 1) AS model});

# A session that has loaded all code and looked at all tables.
sub new_session
{
	my @tables = qw(karate cora edges text_edges words points digits people models);

	return VgaeSession->new($node, 'SET client_min_messages = error', q{SET vgae.threads = 2},
		q{SELECT length(vgae_train('karate', epochs => 1)) > 0},
		map { "SELECT count(*) FROM $_" } @tables);
}

# A line of the process's status, in bytes.
sub status
{
	my ($session, $name) = @_;

	return slurp_file('/proc/' . $session->pid . '/status') =~ /^$name:\s+(\d+) kB$/m ? 1024 * $1 : undef;
}

# Let the process's peak of memory begin anew; false where the system does not let us.
sub reset_peak
{
	my ($session) = @_;

	open(my $file, '>', '/proc/' . $session->pid . '/clear_refs') || return 0;
	print $file '5';
	return close($file);
}

# By how many bytes the process grows at most during the statement; and its answer.
sub growth
{
	my ($session, $statement) = @_;
	my $before = status($session, 'VmRSS');

	reset_peak($session);
	my $answer = $session->ask($statement);
	return (status($session, 'VmHWM') - $before, $answer);
}

# ---- what vgae_estimate says: within 20 % of the measured peak

# Pages, and what the allocator takes to have some in reserve.
my $granularity = 128 * 1024;

my @trainings = (
	q{'karate'},
	q{'cora'},
	q{'cora', model => 'gae', hidden_dims => '{256}', epochs => 20, patience => 10},
	q{'edges', epochs => 2},
	q{'edges', model => 'gae', hidden_dims => '{}', latent_dim => 4, epochs => 2, edge_mask => 0.3},
	q{'text_edges', epochs => 2, dropout => 0.2, test_fraction => 0.1},
	q{'edges', features => 'words', epochs => 1},
	q{'edges', nodes => 'SELECT id - 1, a, b, d FROM people', epochs => 1},
	q{'edges', epochs => 2, warm_start => (SELECT model FROM models)},
	q{nodes => 'points', model => 'ae'},
	q{nodes => 'points', model => 'vae'},
	q{nodes => 'digits', model => 'ae', epochs => 10},
	q{nodes => 'digits', model => 'vae', epochs => 10},
	q{nodes => 'people', model => 'ae', hidden_dims => '{512}', latent_dim => 32, epochs => 1},
	q{nodes => 'people', model => 'vae', epochs => 1, dropout => 0.1, patience => 3},
	q{features => 'words', model => 'vae', epochs => 1});

SKIP:
{
	my $probe = new_session();
	my $possible = reset_peak($probe) && defined status($probe, 'VmHWM');

	$probe->close;
	skip 'the system does not tell the peak of a process\'s memory', 3 * @trainings unless $possible;

	foreach my $training (@trainings)
	{
		my $session = new_session();
		my ($peak, $bytes) = growth($session, "SELECT length(vgae_train($training))");
		my ($memory, $model) = split /\|/,
		  $session->ask("SELECT memory_bytes, model_bytes FROM vgae_estimate($training)");

		note sprintf('%s: took %.2f MB, estimate %.2f MB: %+.0f %%', $training, $peak / $megabyte,
			$memory / $megabyte, 100 * ($memory / $peak - 1));
		cmp_ok($memory, '>', 0.8 * $peak - $granularity, "estimate is not too low: $training");
		cmp_ok($memory, '<', 1.2 * $peak + $granularity, "estimate is not too high: $training");
		cmp_ok(abs($bytes - $model), '<', 0.01 * $model + 48 * 30, "size of the model: $training");
		$session->close;
	}
}

# ---- what is refused

my $session = new_session();

# The limit is compared with the estimate.
my $need = $session->ask(q{SELECT memory_bytes >> 20 FROM vgae_estimate('edges', epochs => 1)});
$session->ask(sprintf q{SET vgae.memory_limit = '%dMB'}, $need + 2);
like($session->ask(q{SELECT length(vgae_train('edges', epochs => 1))}), qr/^\d+$/, 'a limit just above the estimate');
$session->ask(sprintf q{SET vgae.memory_limit = '%dMB'}, $need - 2);
my ($grown, $answer) = growth($session, q{SELECT length(vgae_train('edges', epochs => 1))});
like($answer, qr/ERROR:  54000: training would need too much memory/, 'a limit just below it');
like($answer, qr/DETAIL:  It would need about \d+ MB; vgae.memory_limit is \d+ MB\.\nHINT:  Raise/,
	'both figures, and the ways out');
cmp_ok($grown, '<', 0.5 * $need * $megabyte, 'refused before the work');

# What cannot be known before is refused when it comes to light.  (A single
# generate_series would be stored as a whole before its first row is read.)
my $endless = 'FROM generate_series(1, 100000) a, generate_series(1, 100000) b';
$session->ask(q{SET vgae.memory_limit = '100MB'});
($grown, $answer) = growth($session, qq{SELECT vgae_train('SELECT a * 100000::bigint + b, a $endless')});
like($answer, qr/ERROR:  54000: argument "edges" needs too much memory/, 'more rows than the limit allows');
cmp_ok($grown, '<', 150 * $megabyte, 'noticed while reading');
like($session->ask(q{SELECT vgae_train('SELECT g % 100, g % 99 FROM generate_series(1, 6000000) g')}),
	qr/ERROR:  54000: the graph would need too much memory/, 'edges that can be read, but not sorted');
like($session->ask(q{SELECT vgae_train('karate', features => 'SELECT g % 34, g % 1000 FROM generate_series(1, 3000000) g')}),
	qr/ERROR:  54000: the matrix of features would need too much memory/, 'features that can be read, but not sorted');
like($session->ask(qq{SELECT vgae_train(nodes => 'SELECT a * 100000::bigint + b, array_fill(a::real, ARRAY[1000]) $endless', model => 'ae')}),
	qr/ERROR:  54000: argument "nodes" needs too much memory/, 'wide rows of nodes');
like($session->ask(q{SELECT vgae_train('SELECT 1 / (g - g), 1 FROM generate_series(1, 2) g', hidden_dims => '{3000,3000}')}),
	qr/ERROR:  54000: training would need too much memory/, 'too much whatever the input: it is not even read');
# Rows may be few and wide: the limit holds for them as it does for many.
foreach my $wide (
	q{vgae_train('SELECT repeat(''x'', 1000000) || i, i::text FROM generate_series(1, 1000) AS i')},
	q{vgae_train('VALUES (1, 2)', nodes => 'SELECT i, i || repeat(''x'', 1000000) FROM generate_series(1, 900) AS i')},
	q{vgae_train(nodes => 'SELECT i, array_fill(i::real, ARRAY[250000]) FROM generate_series(1, 900) AS i', model => 'ae')})
{
	my ($rows, $megabytes) =
	  $session->ask("SELECT $wide") =~ /needs too much memory\nDETAIL:  After (\d+) rows (\d+) MB are in use/;

	ok(defined $rows && $rows < 400 && $megabytes < 250, 'wide rows are stopped in time') or diag $wide;
}
$session->ask('RESET vgae.memory_limit');
like($session->ask(q{SELECT vgae_train('SELECT 1 / (g - g), 1 FROM generate_series(1, 2) g', hidden_dims => '{65536,65536}')}),
	qr/ERROR:  54000: model would be too large/, 'a model above 512 MB: its input is not even read');
like($session->ask(q{SELECT length(vgae_train('karate', epochs => 1))}), qr/^\d+$/, 'the session works on');
$session->close;

# ---- limits of the address space: a clean error or success

# Megabytes of address space that a process may take beyond what it has. Each limit holds
# for a process that has loaded nothing yet; every second one also for one that has trained.
my @room = (0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 144, 160, 200, 256, 320, 400, 600, 1000);

SKIP:
{
	skip 'there is no prlimit', 3 * @room + 3 * int(@room / 2) unless system('prlimit --version >/dev/null 2>&1') == 0;
	for (my $r = 0; $r < @room; $r++)
	{
		my $room = $room[$r];

		foreach my $when ('fresh', $r % 2 ? 'later' : ())
		{
			my $session = $when eq 'fresh' ? VgaeSession->new($node) : new_session();
			my $limit = status($session, 'VmSize') + $room * $megabyte;

			$session->ask('SET vgae.threads = 2');
			system('prlimit', '--pid', $session->pid, "--as=$limit:") == 0 || die 'prlimit failed';
			my $started = time;
			my $answer = $session->ask(q{SELECT length(vgae_train('edges', epochs => 1))});

			note "$when, $room MB: " . substr($answer, 0, 100);
			like($answer, qr/^\d+$|ERROR:  (53200|58000|58P01):/, "$when, $room MB: an answer or a clean error");
			cmp_ok(time - $started, '<', 120, "$when, $room MB: no hang");
			system('prlimit', '--pid', $session->pid, '--as=unlimited:');
			like($session->ask(q{SELECT length(vgae_train('karate', epochs => 1))}), qr/^\d+$/,
				"$when, $room MB: the session works on");
			$session->close;
		}
	}
}

# ---- error and retry, a thousand times: nothing stays behind

my @failures = (
	q{SELECT vgae_train('SELECT 1, 1')},
	q{SELECT vgae_train('SELECT 1, NULL::int')},
	q{SELECT vgae_train('karate', learning_rate => 1e30)},
	q{SELECT vgae_train('karate', features => 'SELECT 1, 2, ''NaN''::real')},
	q{SELECT vgae_train('karate', hidden_dims => '{65536,65536}')},
	q{SELECT vgae_train('karate', warm_start => '\x00')},
	q{SET statement_timeout = '3ms'; SELECT vgae_train('karate', epochs => 1000000); RESET statement_timeout},
	q{DO $$BEGIN PERFORM vgae_train('nowhere'); EXCEPTION WHEN undefined_table THEN PERFORM 1 / 0; END$$});

sub cycles
{
	my ($session, $count) = @_;

	for (my $i = 0; $i < $count; $i++)
	{
		my $answer = $session->ask($failures[ $i % @failures ]);

		die "no error: $answer" unless $answer =~ /ERROR/;
		$answer = $session->ask(q{SELECT length(vgae_train('karate', epochs => 2))});
		die "no model: $answer" unless $answer =~ /^\d+$/;
	}
	return (status($session, 'VmRSS'),
		$session->ask('SELECT sum(total_bytes) FROM pg_backend_memory_contexts'));
}

$session = new_session();
my ($rss_before, $contexts_before) = cycles($session, 100);
my ($rss_after, $contexts_after) = cycles($session, 1000);
note "from $rss_before to $rss_after bytes of memory, from $contexts_before to $contexts_after in contexts";
cmp_ok($contexts_after - $contexts_before, '<', 64 * 1024, 'after 1000 errors and retries, no memory context has grown');
cmp_ok($rss_after - $rss_before, '<', $megabyte, 'nor has the process') if defined $rss_before;
$session->close;

$node->stop;
unlike(slurp_file($node->logfile), qr/terminated by signal|PANIC|server process .* exited/, 'no backend crashed');

done_testing();
