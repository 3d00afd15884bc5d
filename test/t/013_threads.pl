# Threads and signals: while threads compute, signal handlers run on the backend's own
# thread and no other; the threads end with their call; a postmaster that has loaded
# the library has none.  With each build of OpenBLAS that Debian has.
#
# VGAE_SIGNALS says how many signals of a kind make a storm (make check-signals: 10000
# with every build).

use strict;
use warnings FATAL => 'all';
no warnings 'portable';    # 64-bit hexadecimal numbers

use FindBin;
use lib $FindBin::RealBin;
use List::Util qw(sum);
use POSIX ();
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);
use VgaeTest;

my $threads = 2;
my $probe = "$FindBin::RealBin/handler_probe.so";

plan skip_all => 'there is no /proc' if !-e '/proc/self/task';
plan skip_all => 'handler_probe.so is not built: make check-tap does it' if !-e $probe;

# What the library stores in an array for each signal: see handler_probe.c
my $array_bytes = 65 * 8;
my $counts = PostgreSQL::Test::Utils::tempdir() . '/counts';

my $node = start_node(
	'threads', q{
shared_preload_libraries = 'vgae'
log_statement = none
});

$node->safe_psql(
	'postgres', q{
	CREATE TABLE edges AS
		SELECT g % 700 AS src, (g * g + 3 * g) % 701 AS dst FROM generate_series(1, 4000) g;
	CREATE TABLE nodes AS
		SELECT g AS id, sin(g) AS number, g % 3 = 0 AS flag, ARRAY[cos(g), g % 2]::real[] AS vector
		FROM generate_series(0, 700) g});

# Long enough that a storm happens within it.
my $training = q{SELECT sha256(vgae_train('edges', nodes => 'nodes', epochs => 100, dropout => 0.2))};
my $results = join ';', $training,
  q{SELECT sha256(vgae_train(nodes => 'nodes', model => 'vae', epochs => 20))},
  q{SELECT sha256(string_agg(l::text, ',')::bytea)
	FROM vgae_predict_links(vgae_train('edges', nodes => 'nodes', model => 'gae', epochs => 20), k => 50) l};

# ---- Processes

sub threads_of
{
	my ($pid) = @_;

	my @threads = map { m{(\d+)$} } glob "/proc/$pid/task/*";

	return @threads;
}

# Does it become true, soon?
sub comes_true
{
	my ($condition, $microseconds) = @_;
	my $deadline = time + $PostgreSQL::Test::Utils::timeout_default;

	until ($condition->())
	{
		return 0 if time > $deadline;
		usleep($microseconds // 1000);
	}
	return 1;
}

# The OpenBLAS that a process has loaded, or ''.
sub openblas_of
{
	my ($pid) = @_;

	return slurp_file("/proc/$pid/maps") =~ m{(/\S*openblas\S*)} ? $1 : '';
}

# Two cannot be blocked, and two more belong to the C library, which does not let them be.
my @unblockable = (POSIX::SIGKILL, POSIX::SIGSTOP, 32, 33);

# The threads, beside the first, that a signal could interrupt.  What they block never
# changes: none of our code and nothing in OpenBLAS unblocks.
sub open_to_signals
{
	my ($pid) = @_;
	my $all = ~0;

	$all &= ~(1 << ($_ - 1)) foreach @unblockable;
	return grep {
		my ($blocked) = slurp_file("/proc/$pid/task/$_/status") =~ /^SigBlk:\s*(\w+)/m;
		(hex($blocked) & $all) != $all
	} grep { $_ != $pid } threads_of($pid);
}

# ---- Signals

# How often handlers of this signal ran on first threads, and on any others.
sub handled
{
	my ($signal) = @_;
	my @times;

	open my $file, '<:raw', $counts or die "$counts: $!";
	foreach my $array (0, 1)
	{
		seek $file, $array * $array_bytes + 8 * $signal, 0;
		read $file, my $bytes, 8;
		push @times, unpack 'Q', $bytes;
	}
	return @times;
}

sub total
{
	return sum(handled($_[0]));
}

# Send $count signals of each kind, each only when the one before was handled: two of a
# kind that wait would be one.
sub storm
{
	my ($pid, $count, @kinds) = @_;

	foreach (1 .. $count)
	{
		my %before = map { $_ => total($_) } @kinds;

		kill $_, $pid foreach @kinds;
		return 0 if !comes_true(sub { !grep { total($_) == $before{$_} } @kinds }, 20);
	}
	return 1;
}

# ---- With one build of OpenBLAS, in this directory (undef: the system's)

my $expected;

# Starts the server anew with that build, and with the probe, which has counted nothing.
sub restart_with
{
	my ($directory) = @_;

	open my $file, '>:raw', $counts or die "$counts: $!";
	print $file "\0" x (2 * $array_bytes);
	close $file;
	$node->stop;
	{
		local $ENV{LD_PRELOAD} = $probe;
		local $ENV{HANDLER_PROBE} = $counts;
		local $ENV{LD_LIBRARY_PATH} = $directory // $ENV{LD_LIBRARY_PATH} // '';
		$node->start;
	}
	return;
}

# A session with a training that does not end by itself, a pause, and a training that does.
sub start_trainings
{
	return start_psql(
		$node, qq{
		\\set ON_ERROR_STOP 0
		SET vgae.threads = $threads;
		SET client_connection_check_interval = '1ms';
		LISTEN storm;
		SELECT vgae_train('edges', nodes => 'nodes', epochs => 10000000);
		SELECT pg_sleep(1000000);
		$training});
}

# Signals of each kind reach a session that trains, on its first thread only.
sub test_storm
{
	my ($name, $pid, $signals) = @_;

	my $timer = total(POSIX::SIGALRM);
	ok(comes_true(sub { total(POSIX::SIGALRM) > $timer }), "$name: a timer of the server fires");
	my $notified = total(POSIX::SIGUSR1);
	$node->safe_psql(
		'postgres', q{
		DO $$ BEGIN FOR i IN 1 .. 100 LOOP PERFORM pg_notify('storm', i::text); COMMIT; END LOOP; END $$});
	ok(comes_true(sub { total(POSIX::SIGUSR1) > $notified }), "$name: another backend signals");
	my $started = time;
	ok(storm($pid, $signals, POSIX::SIGUSR1, POSIX::SIGALRM), "$name: $signals SIGUSR1 and SIGALRM are handled");
	note sprintf('in %.1f s', time - $started);
	is(join(' ', open_to_signals($pid)), '', "$name: signals are blocked in all threads but the first");
	return;
}

sub test_build
{
	my ($name, $directory, $signals) = @_;

	restart_with($directory);
	my $postmaster = postmaster_pid($node);

	# It gives the same results as the others.
	my $answers = $node->safe_psql('postgres', "SET vgae.threads = 1; $results");
	$expected //= $answers;
	is($answers, $expected, "$name: results");
	is($node->safe_psql('postgres', "SET vgae.threads = 2; $results"), $expected, "$name: results of 2 threads");

	my $session = start_trainings();
	my $pid = $session->{pid};

	ok(comes_true(sub { threads_of($pid) == $threads }), "$name: as many threads as are asked for");
	my $openblas = openblas_of($pid);
	note $openblas;
	like($openblas, qr/^\Q$directory\E/, "$name: it is this build") if defined $directory;
	test_storm($name, $pid, $signals);

	# The threads go when a call is cancelled, and the session works on.
	kill 'INT', $pid;
	$node->poll_query_until('postgres', "SELECT query LIKE '%pg_sleep%' FROM pg_stat_activity WHERE pid = $pid");
	is(scalar(threads_of($pid)), 1, "$name: no thread is left by a call that was cancelled");
	kill 'INT', $pid;
	ok(comes_true(sub { threads_of($pid) == $threads }), "$name: the session trains again");
	while (threads_of($pid) == $threads)
	{
		kill $_, $pid foreach (POSIX::SIGUSR1, POSIX::SIGALRM);
		usleep(100);
	}
	finish_psql($session);
	is(scalar(() = $session->{err} =~ /canceling statement due to user request/g), 2, "$name: two cancels");
	is((grep { /^\\x/ } split /\n/, $session->{out})[0],
		(split /\n/, $expected)[0], "$name: a training in a storm gives the same bytes");

	is(join(' ', grep { (handled($_))[1] > 0 } 1 .. 64), '', "$name: no handler ran on another thread");
	is(scalar(threads_of($postmaster)), 1, "$name: the postmaster has one thread");
	is(openblas_of($postmaster), '', "$name: and no OpenBLAS");
	return $openblas;
}

# The directory of a build that is installed, or can be fetched.
sub openblas_directory
{
	my ($build) = @_;
	my ($installed) = glob "/usr/lib/*/openblas-$build/libopenblas.so.0";
	my $directory = PostgreSQL::Test::Utils::tempdir();

	system("cd '$directory' && timeout 30 apt-get -qq -o Acquire::Retries=0 download libopenblas0-$build && "
		  . 'dpkg -x *.deb .')
	  if !defined $installed;
	$installed //= (glob "$directory/usr/lib/*/openblas-$build/libopenblas.so.0")[0];
	return defined $installed ? $installed =~ s{/[^/]*$}{}r : undef;
}

my $systems = test_build("the system's OpenBLAS", undef, $ENV{VGAE_SIGNALS} // 10000);

foreach my $build (grep { $systems !~ m{/openblas-$_/} } 'pthread', 'serial', 'openmp')
{
	SKIP:
	{
		my $directory = openblas_directory($build);
		skip "the $build build of OpenBLAS is not to be had", 1 if !defined $directory;
		test_build("OpenBLAS, $build", $directory, $ENV{VGAE_SIGNALS} // 1000);
	}
}

$node->stop;
unlike(slurp_file($node->logfile), qr/PANIC|terminated by signal/, 'no backend crashed');
done_testing();
