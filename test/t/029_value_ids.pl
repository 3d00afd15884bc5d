# Models in a TOAST table whose numbers come again, as after 2^32 OIDs: a session that has
# kept a model never takes it for another one that has got its number.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use Time::HiRes qw(usleep);
use VgaeSession;
use VgaeTest;

my $library = "$FindBin::RealBin/next_oid.so";

plan skip_all => 'next_oid.so is not built: make check-tap does it' if !-e $library;

my $node = start_node('value_ids', 'autovacuum = off');

# Models of the same size, and a table to store one of them after the other.
$node->safe_psql(
	'postgres', qq{
	CREATE FUNCTION set_next_oid(oid) RETURNS void LANGUAGE c AS '$library';
	CREATE TABLE edges AS SELECT g % 30 AS src, g * 7 % 31 AS dst FROM generate_series(1, 200) g;
	CREATE TABLE models AS
		SELECT i AS id, vgae_train('edges', epochs => 1, seed => i) AS model FROM generate_series(1, 3) i;
	CREATE TABLE scores AS SELECT id, vgae_link_score(model || '', 1, 2) AS score FROM models;
	CREATE TABLE stored (id int, model bytea) WITH (vacuum_truncate = false, toast.vacuum_truncate = false);
	ALTER TABLE stored ALTER model SET STORAGE EXTERNAL;
	SELECT format('CREATE VIEW numbers AS SELECT DISTINCT chunk_id FROM %s', reltoastrelid::regclass)
	FROM pg_class WHERE relname = 'stored' \\gexec});

# score() has one call site, which lives for a transaction.  It is IMMUTABLE, so PL/pgSQL
# evaluates it as it does vgae_link_score(): under the snapshot of its caller.
$node->safe_psql(
	'postgres', q{
	CREATE FUNCTION score(model bytea) RETURNS float8 IMMUTABLE LANGUAGE plpgsql
	AS $$ BEGIN RETURN vgae_link_score(model, 1, 2); END $$;

	-- Store a model under the number at which all are stored
	CREATE FUNCTION store(chosen int) RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM set_next_oid(3000000000);
		INSERT INTO stored SELECT * FROM models WHERE id = chosen;
		ASSERT (SELECT chunk_id FROM numbers) = 3000000000;
	END $$;

	-- Store a model in a subtransaction that is rolled back; what has led to it
	CREATE FUNCTION roll_back(chosen int) RETURNS bytea LANGUAGE plpgsql AS $$
	DECLARE
		m bytea;
	BEGIN
		PERFORM store(chosen);
		SELECT model INTO m FROM stored;
		RAISE EXCEPTION 'changed my mind';
	EXCEPTION WHEN raise_exception THEN
		RETURN m;
	END $$;

	-- Wait until the test has done something in another session
	CREATE FUNCTION wait_for(step int) RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_lock(step)';

	-- Whose score is that?
	CREATE FUNCTION owner(float8) RETURNS int LANGUAGE sql AS 'SELECT id FROM scores WHERE score = $1'});

my $other = VgaeSession->new($node);

# Run a statement that waits for steps 1 to the number of @steps, which are done in another
# session.  Returns what it printed.
sub run_with
{
	my ($statement, @steps) = @_;
	my $session = VgaeSession->new($node);
	my $count = @steps;
	my $printed;

	$other->ask("SELECT pg_advisory_lock(step) FROM generate_series(1, $count) step");
	$session->send($statement);
	foreach my $step (1 .. $count)
	{
		my $waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $step AND NOT granted";

		usleep(10_000) until defined($printed //= $session->receive(0)) || $other->ask($waits) == 1;
		is($other->ask($steps[ $step - 1 ]), '', "step $step is done");
		$other->ask("SELECT pg_advisory_unlock($step)");
	}
	$printed //= $session->receive(60);
	$session->close;
	$node->safe_psql('postgres', 'TRUNCATE stored');
	return $printed;
}

# The first VACUUM under a snapshot changes the table's entry in pg_class, and so makes
# sessions forget their models; later ones do not.
my $vacuum = 'VACUUM stored';
my $first = q{
	PERFORM roll_back(1);
	PERFORM wait_for(1);};

# Whose scores does a function get that does this?  @steps are those that it waits for.
sub scores_got
{
	my ($body, @steps) = @_;

	$node->safe_psql(
		'postgres', qq{
		CREATE OR REPLACE FUNCTION scores_got() RETURNS int[] LANGUAGE plpgsql AS \$\$
		DECLARE
			m bytea;
			one float8;
			two float8;
		BEGIN
			$body
			RETURN ARRAY[owner(one), owner(two)];
		END \$\$});
	return run_with('SELECT scores_got()', @steps);
}

is( scores_got(
		qq{
			$first
			FOR i IN 1..2 LOOP
				BEGIN
					PERFORM store(i);
					SELECT model INTO m FROM stored;
					one := two;
					two := score(m);
					RAISE EXCEPTION 'changed my mind';
				EXCEPTION WHEN raise_exception THEN
					PERFORM wait_for(1 + i);
				END;
			END LOOP;}, $vacuum, $vacuum, $vacuum),
	'{1,2}', 'two models, each in a subtransaction that is rolled back');

my $look = qq{
	$first
	m := roll_back(1);
	one := score(m);
	PERFORM wait_for(2);};

is( scores_got(
		qq{
			$look
			PERFORM store(2);
			SELECT model INTO m FROM stored;
			two := score(m);}, $vacuum, $vacuum),
	'{1,2}', 'one that is looked at after it was rolled back, and the next one');

is( scores_got(
		qq{
			$look
			SELECT model INTO m FROM stored;
			two := score(m);}, $vacuum, "$vacuum;\nSELECT FROM store(2)"),
	'{1,2}', 'the next one by another session');

# A row that triggers see before and after it is stored, and what was rolled back before.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE seen (id int);
	CREATE FUNCTION trigger() RETURNS trigger LANGUAGE plpgsql AS $$
	DECLARE
		m bytea := NEW.model;
		got float8;
	BEGIN
		IF TG_WHEN = 'BEFORE' THEN
			PERFORM roll_back(1);
			PERFORM wait_for(1);
			m := roll_back(1);
		END IF;
		got := score(m);
		IF TG_WHEN = 'BEFORE' THEN
			PERFORM wait_for(2);
			PERFORM set_next_oid(3000000000);
		ELSE
			ASSERT (SELECT chunk_id FROM numbers) = 3000000000;
			INSERT INTO seen VALUES (owner(got));
		END IF;
		RETURN NEW;
	END $$;
	CREATE TRIGGER before BEFORE INSERT ON stored FOR EACH ROW WHEN (NEW.id = 3) EXECUTE FUNCTION trigger();
	CREATE TRIGGER after AFTER INSERT ON stored FOR EACH ROW WHEN (NEW.id = 3) EXECUTE FUNCTION trigger()});
is(run_with('INSERT INTO stored SELECT * FROM models WHERE id = 3', $vacuum, $vacuum), '', 'a row with triggers is stored');
is($node->safe_psql('postgres', 'SELECT * FROM seen'), 3, 'its triggers');

$other->close;
$node->stop;
done_testing();
