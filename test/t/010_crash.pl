# Crashes at random moments of trainings that write their models into a table: the
# server recovers, what was committed is there byte for byte, and no file is left
# that belongs to nothing.
#
# VGAE_CRASHES says how many of each kind (make check-crash: 50).

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);
use VgaeTest;

my $crashes = $ENV{VGAE_CRASHES} // 2;

# Crashes come while a model is computed and while it is written: both take about as
# long, and the sort of the edges has temporary files.
my $nodes = 6000;
my $node = start_node(
	'crash', q{
restart_after_crash = on
work_mem = '64kB'
log_statement = none
});

sub query
{
	return $node->safe_psql('postgres', $_[0]);
}

sub training
{
	my ($seed) = @_;

	return "vgae_train('SELECT src, dst FROM edges ORDER BY md5(src::text)', "
	  . "model => 'vgae', latent_dim => 32, epochs => 3, negatives => 2, seed => $seed)";
}

query(
	qq{
	SET vgae.threads = 2;
	CREATE TABLE edges AS
		SELECT g % $nodes AS src, (g * 7919 + g / $nodes) % $nodes AS dst FROM generate_series(1, 20000) g;
	CREATE TABLE models (name text PRIMARY KEY, seed int, model bytea);
	ALTER TABLE models ALTER model SET STORAGE EXTERNAL;
	CREATE TABLE expected AS
		SELECT seed, sha256(model) AS digest, vgae_link_score(model, 1, 2) AS score
		FROM (SELECT seed, ${\training('seed')} AS model FROM generate_series(0, 3) seed OFFSET 0) m;
	INSERT INTO models VALUES ('rewritten', 0, ${\training(0)});
	CREATE TABLE stored (name text PRIMARY KEY, model bytea, trained_at timestamptz);
	INSERT INTO stored SELECT 'one', model FROM models});
my $has_amcheck = query(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'});
query('CREATE EXTENSION amcheck') if $has_amcheck;
my $base = $node->data_dir . '/base/' . query('SELECT oid FROM pg_database WHERE datname = current_database()');
my %at_first = map { $_ => 1 } slurp_dir($node->data_dir);

my $started = time;
query("SELECT length(${\training(1)})");
my $moments = 5 * (time - $started);

# ---- What may happen to a server

# The state of a process as /proc has it; '' if there is none.
sub state_of
{
	my ($pid) = @_;

	open my $file, '<', "/proc/$pid/stat" or return '';
	return (<$file> // '') =~ /.*\) (\w) / ? $1 : '';
}

# The seconds until the processes are gone, or in one of the states, or undef.
sub seconds_until
{
	my ($states, @pids) = @_;
	my $start = time;

	while (time - $start < 30)
	{
		return time - $start if !grep { index($states, state_of($_)) < 0 } @pids;
		usleep(5000);
	}
	return;
}

# The postmaster starts its children anew.
sub kill_backend
{
	my ($victim) = @_;

	kill 'KILL', $victim;
	return;
}

# A new one starts only when no child of the old one is left.
sub kill_postmaster
{
	my $postmaster = postmaster_pid($node);
	my @children = split /\n/, query('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');

	$node->kill9;
	my $seconds = seconds_until('Z', $postmaster, @children);
	ok(defined $seconds, 'every child of a killed postmaster ends');
	note sprintf('after %.2f s', $seconds // 'Infinity');
	kill 'KILL', @children if !defined $seconds;

	# Where nobody reaps it, it seems to be there.
	unlink $node->data_dir . '/postmaster.pid' if !defined seconds_until('', $postmaster);
	return;
}

sub stop_immediately
{
	$node->stop('immediate');
	return;
}

my @disasters = (
	[ 'kill -9 of a backend', \&kill_backend ],
	[ 'kill -9 of the postmaster', \&kill_postmaster ],
	[ 'immediate shutdown', \&stop_immediately ]);

# ---- What must be true afterwards

# Files of the data directory that belong to no relation, and those that are new.
sub orphan_files
{
	my %filenodes = map { $_ => 1 } split /\n/,
	  query('SELECT pg_relation_filenode(oid) FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL');
	my @orphans = grep { !$at_first{$_} } slurp_dir($node->data_dir);

	foreach my $file (slurp_dir($base))
	{
		next if $file =~ /^(\.\.?|PG_VERSION|pg_filenode\.map|pg_internal\.init)$/;
		push @orphans, $file
		  unless $file =~ /^(\d+)(_(fsm|vm|init))?(\.\d+)?$/ && $filenodes{$1};
	}
	my $temporary = $node->data_dir . '/base/pgsql_tmp';
	push @orphans, grep { !/^\.\.?$/ } slurp_dir($temporary) if -d $temporary;
	return join ' ', @orphans;
}

# $committed: the names that clients were told of; $seeds: those that may stand in the
# row that is written over and over, $stored: in that of vgae_train_into.
sub check
{
	my ($when, $committed, $seeds, $stored) = @_;
	my $names = join ',', map { "'$_'" } 'rewritten', @$committed;

	is(query("SELECT name FROM unnest(ARRAY[$names]) name WHERE name NOT IN (SELECT name FROM models)"),
		'', "$when: every committed model is there");
	like(query(q{SELECT seed FROM models WHERE name = 'rewritten'}),
		qr/^(@{[join '|', @$seeds]})$/, "$when: a model that is being replaced is the old or the new one");
	like(query('SELECT seed FROM stored JOIN expected ON digest = sha256(model)'),
		qr/^(@{[join '|', @$stored]})$/, "$when: so is one that vgae_train_into replaces");
	is( query(
			q{
			SELECT name FROM models m LEFT JOIN expected e USING (seed)
			WHERE sha256(model) IS DISTINCT FROM digest OR vgae_link_score(model, 1, 2) IS DISTINCT FROM score}),
		'', "$when: every model is whole");
	is(orphan_files(), '', "$when: no orphan file");
	is( query(
			q{
			SELECT r.* FROM verify_heapam('models', check_toast => true) r;
			SELECT r.* FROM verify_heapam('stored', check_toast => true) r;
			SELECT bt_index_check(indexrelid, true) FROM pg_index
			WHERE indrelid IN (SELECT unnest(ARRAY[oid, reltoastrelid]) FROM pg_class WHERE relname IN ('models', 'stored'))})
		  =~ s/\n//gr,
		'', "$when: tables, TOAST and indexes are consistent")
	  if $has_amcheck;
	return;
}

# ---- Crash after crash

my @committed;
my $rewritten = 0;
my $stored = 0;

foreach my $round (1 .. $crashes * @disasters)
{
	my ($what, $disaster) = @{ $disasters[ ($round - 1) % @disasters ] };
	my @seeds = map { ($rewritten + $_) % 4 } 1 .. 100;
	my @stored_seeds = map { ($stored + $_) % 4 } 1 .. 100;
	my @insert = map { sprintf(q{INSERT INTO models VALUES ('%s', %d, %s) RETURNING name;},
		"$round.$_", $_ % 4, training($_ % 4)) } 1 .. 100;
	my @update = map { sprintf(q{UPDATE models SET seed = %d, model = %s WHERE name = 'rewritten' RETURNING seed;},
		$_, training($_)) } @seeds;
	my @store = map { sprintf(q{CALL %s; SELECT %d;},
		training($_) =~ s/^vgae_train\(/vgae_train_into('stored', 'one', /r, $_) } @stored_seeds;
	my $adding = start_psql($node, join "\n", 'SET vgae.threads = 2;', @insert);
	my $rewriting = start_psql($node, join "\n", 'SET vgae.threads = 1;', @update);
	my $storing = start_psql($node, join "\n", 'SET vgae.threads = 1;', @store);
	my $checkpoints = start_psql($node, "SELECT pg_sleep(random() * 0.2) IS NULL; CHECKPOINT;\n" x 100);
	my $moment = rand($moments);

	usleep(1e6 * $moment);
	$disaster->((map { $_->{pid} } $adding, $rewriting, $storing)[ rand 3 ]);
	finish_psql($_) foreach ($adding, $rewriting, $storing, $checkpoints);
	$node->start if $disaster != \&kill_backend;
	ok($node->poll_query_until('postgres', 'SELECT true'), "$what after $moment s: recovered");

	my @done = split /\n/, $rewriting->{out};
	my @added = split /\n/, $adding->{out};
	push @committed, @added;
	my @done_storing = split /\n/, $storing->{out};
	note scalar(@added), ' models added, ', scalar(@done), ' rewritten, ', scalar(@done_storing), ' stored';
	check("round $round", \@committed, [ @done ? $done[-1] : $rewritten, $seeds[@done] ],
		[ @done_storing ? $done_storing[-1] : $stored, $stored_seeds[@done_storing] ]);
	$rewritten = query(q{SELECT seed FROM models WHERE name = 'rewritten'});
	$stored = query('SELECT seed FROM stored JOIN expected ON digest = sha256(model)');

	# Enough are left for the next crash to spoil.
	splice @committed, 0, -10;
	query(sprintf q{DELETE FROM models WHERE name NOT IN ('rewritten'%s)}, join '', map { ", '$_'" } @committed);
}

# A training that would go on for hours does not keep a new postmaster from starting.
my $endless = start_psql($node, q{SELECT vgae_train('edges', epochs => 10000000)});
usleep(500_000);
kill_postmaster();
ok(!finish_psql($endless), 'an endless training ends with its postmaster');
like($endless->{err}, qr/FATAL:  terminating connection because the postmaster is gone/, 'it says why');
$node->start;
check('after the last crash', \@committed, [$rewritten], [$stored]);

$node->stop;
unlike(
	slurp_file($node->logfile),
	qr/PANIC|terminated by signal (?!9\b)|recalcitrant|invalid page|could not read block/,
	'nothing else went wrong');
done_testing();
