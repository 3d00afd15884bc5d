# The install script is safe to run as a superuser for anybody, so the extension is
# trusted: what lies in wait in the database is not called, and whoever may create
# objects in a database, and nobody else, can install it there.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Extension;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

# ---- What a script must not contain

# The faults of a script: what takes over an object that is there already, or is found
# by a search_path that others can put objects into.
sub faults
{
	my ($script) = @_;
	my @faults;
	my $code = $script;

	$code =~ s{/\*.*?\*/}{}gs;
	$code =~ s{^\\echo .*$}{}m;
	$code =~ s{COMMENT ON .*? IS\s*\$\$.*?\$\$;}{}gs;
	push @faults, "takes over: $&" if $code =~ /OR\s+REPLACE|IF\s+(NOT\s+)?EXISTS/i;
	$code =~ s{GRANT SELECT ON vgae_\w+ TO PUBLIC;}{}g;
	push @faults, "other rights: $&" if $code =~ /SECURITY\s+DEFINER|SET\s+ROLE|SESSION\s+AUTHORIZATION|\bGRANT\b/i;
	push @faults, "a body found by the search_path: $&" if $code =~ /LANGUAGE\s+(sql|plpgsql)|BEGIN\s+ATOMIC/i;

	# Definitions have types and names, no expressions but constants.
	$code =~ s{CREATE FUNCTION [^;]*?\bAS 'MODULE_PATHNAME', '\w+'\s+LANGUAGE C[^;']*;}{}gs;
	$code =~ s{CREATE AGGREGATE [^;]*;}{}gs;

	# Elsewhere every operator, function and type in a catalog is qualified. What the
	# script itself has made is in the first schema of the search_path.
	$code =~ s/'(?:[^']|'')*'//g;
	$code =~ s/OPERATOR\(pg_catalog\.[^()]+\)//g;
	push @faults, "an operator without a schema: $&" if $code =~ /.*[-+*<>=~!@#%^&|`?].*/;
	push @faults, "a type without a schema: $&" if $code =~ /::(?!pg_catalog\.).*/;
	while ($code =~ /((?:\w+\.)*\w+)\s*\(/g)
	{
		my $name = $1;

		push @faults, "a function without a schema: $name" unless $name =~ /^(pg_catalog\.\w+|vgae_\w+|AS|IN|VALUES)$/;
	}
	while ($code =~ /\b(?:FROM|JOIN)\s+((?:\w+\.)*\w+)/g)
	{
		my $name = $1;

		push @faults, "a relation without a schema: $name" unless $name =~ /^(pg_catalog\.\w+|vgae_\w+|member)$/;
	}
	return @faults;
}

foreach my $file (scripts())
{
	my ($name) = $file =~ m{([^/]+)$};

	is(join("\n", faults(slurp_file($file))), '', "$name has no known fault");
}

# Each fault is found where there is one.
foreach my $bad (
	'CREATE OR REPLACE FUNCTION f() RETURNS int AS \'MODULE_PATHNAME\', \'f\' LANGUAGE C;',
	'CREATE TABLE IF NOT EXISTS t (n int);',
	'CREATE FUNCTION f() RETURNS int AS \'SELECT 1\' LANGUAGE sql;',
	'CREATE FUNCTION f() RETURNS int AS \'MODULE_PATHNAME\', \'f\' LANGUAGE C SECURITY DEFINER;',
	'DO $$ BEGIN PERFORM 1 FROM pg_catalog.pg_proc WHERE oid = 1; END $$;',
	'DO $$ BEGIN PERFORM pg_catalog.lower(1::text); END $$;',
	'DO $$ BEGIN PERFORM lower(1); END $$;',
	'DO $$ BEGIN PERFORM 1 FROM pg_proc; END $$;',
	'GRANT SELECT ON t TO PUBLIC;')
{
	isnt(join("\n", faults($bad)), '', "found: $bad");
}

# ---- Installing where others have been before

my $node = start_node('install');
my $clean = describe_extension($node, 'postgres');

isnt($clean, '', 'the extension has members');
$node->safe_psql(
	'postgres', q{
	CREATE ROLE attacker LOGIN;
	CREATE ROLE owner LOGIN;
	CREATE ROLE guest LOGIN;
	CREATE DATABASE hostile;
	CREATE DATABASE taken;
	CREATE DATABASE owned OWNER owner;
	CREATE DATABASE granted;
	GRANT CREATE ON DATABASE granted TO owner});

# Objects that would be found before those of the catalog, if not only there: types,
# operators, functions, catalogs.  What is called by anybody is noted.
my $traps = q{
	CREATE TABLE noted (caller text);
	CREATE FUNCTION note() RETURNS void LANGUAGE plpgsql AS $$
	BEGIN INSERT INTO SCHEMA.noted VALUES (current_user); END $$;
	CREATE DOMAIN bytea AS pg_catalog.text;
	CREATE DOMAIN real AS pg_catalog.text;
	CREATE DOMAIN float8 AS pg_catalog.text;
	CREATE DOMAIN regprocedure AS pg_catalog.text;
	CREATE TYPE jsonb AS (a int);
	CREATE TABLE pg_proc (oid oid);
	CREATE TABLE pg_depend (oid oid);
	CREATE TABLE pg_extension (oid oid);
	CREATE TABLE pg_description (oid oid);
	CREATE FUNCTION format(text, VARIADIC anyarray) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION format(text, regclass, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION format(text, regprocedure, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION obj_description(oid, text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION obj_description(oid, name) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION vgae_ranking_transition(text, float8, boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	CREATE FUNCTION vgae_auc_final(text) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $$;
	DO $do$
	DECLARE
		l text;
		r text;
	BEGIN
		FOR l, r IN SELECT a, b FROM unnest('{oid,name,text,"char",regclass,regproc}'::pg_catalog.text[]) a,
			unnest('{oid,name,text,"char",regclass,regproc}'::pg_catalog.text[]) b
		LOOP
			EXECUTE pg_catalog.format('CREATE FUNCTION equal(%1$s, %2$s) RETURNS boolean LANGUAGE plpgsql '
				'AS $x$ BEGIN PERFORM SCHEMA.note(); RETURN NULL; END $x$', l, r);
			EXECUTE pg_catalog.format('CREATE OPERATOR = (LEFTARG = %1$s, RIGHTARG = %2$s, FUNCTION = equal)', l, r);
		END LOOP;
	END $do$};

foreach my $schema ('public', 'evil')
{
	my $sql = $traps;

	$sql =~ s/\bSCHEMA\b/$schema/g;
	$node->safe_psql('hostile', "CREATE SCHEMA IF NOT EXISTS $schema; GRANT ALL ON SCHEMA $schema TO attacker");
	$node->safe_psql('hostile', "SET search_path = $schema; $sql", extra_params => [ '-U', 'attacker' ]);
}
$node->safe_psql('hostile', 'ALTER DATABASE hostile SET search_path = evil, public, pg_catalog');

sub noted
{
	return $node->safe_psql('hostile', 'SELECT caller FROM public.noted UNION ALL SELECT caller FROM evil.noted');
}

# They do catch whom they are for.
$node->safe_psql('hostile', q{SELECT 'a'::name = 'b'::name, format('%s', 'pg_proc'::regclass, 'x')});
isnt(noted(), '', 'the traps are set');
$node->safe_psql('hostile', 'DELETE FROM public.noted; DELETE FROM evil.noted');

foreach my $schema ('public', 'evil')
{
	$node->safe_psql('hostile', "CREATE EXTENSION vgae SCHEMA $schema");
	my $described = describe_extension($node, 'hostile');
	$described =~ s/\b$schema\b/public/g;
	is($described, $clean, "a superuser installs the same in schema $schema among traps");
	is(noted(), '', 'and calls none of them');
	$node->safe_psql('hostile', 'DROP EXTENSION vgae');
}

# What is there already is not taken over.
$node->safe_psql('taken', 'GRANT ALL ON SCHEMA public TO attacker');
$node->safe_psql(
	'taken', q{
	CREATE FUNCTION vgae_embedding(bytea, text) RETURNS real[] LANGUAGE sql AS 'SELECT NULL::real[]'},
	extra_params => [ '-U', 'attacker' ]);
my ($status, undef, $errors) = $node->psql('taken', 'CREATE EXTENSION vgae');
isnt($status, 0, 'a function of the same name and arguments stops the installation');
like($errors, qr/function "vgae_embedding" already exists/, 'and the error names it');

# ---- Trusted

sub as_user
{
	my ($user, $database, $sql) = @_;
	my ($status, $out, $err) = $node->psql($database, $sql, extra_params => [ '-U', $user ]);

	return $status == 0 ? $out : $err;
}

is($node->safe_psql('postgres', q{
	SELECT trusted, superuser FROM pg_available_extension_versions WHERE name = 'vgae' AND installed}),
	't|t', 'the extension is trusted');
foreach my $database ('owned', 'granted')
{
	is(as_user('owner', $database, 'CREATE SCHEMA mine; CREATE EXTENSION vgae SCHEMA mine'), '',
		"who may create objects in database $database installs the extension");
	is( as_user('owner', $database, q{
		SELECT extowner::regrole, (SELECT string_agg(DISTINCT rolsuper::text, ' ') FROM pg_proc p
			JOIN pg_roles r ON r.oid = proowner WHERE pronamespace = 'mine'::regnamespace)
		FROM pg_extension WHERE extname = 'vgae'}),
		'owner|true', 'and owns it, but not its functions');
	my $described = describe_extension($node, $database);
	$described =~ s/\bmine\b/public/g;
	is($described, $clean, 'it is the same as the superuser\'s');
	is( as_user('owner', $database, q{
		SELECT mine.vgae_info(mine.vgae_train('VALUES (1, 2), (2, 3)', epochs => 1)) ->> 'edges'}),
		'2', 'it works');
	like(as_user('owner', $database, q{ALTER FUNCTION mine.vgae_version() SECURITY DEFINER}),
		qr/must be owner/, 'its functions cannot be changed');
	is(as_user('owner', $database, 'DROP EXTENSION vgae'), '', 'its owner can drop it');
}
like(as_user('guest', 'granted', 'CREATE EXTENSION vgae'),
	qr/permission denied to create extension "vgae"/, 'others cannot install it');
like(as_user('attacker', 'hostile', 'CREATE EXTENSION vgae SCHEMA evil'),
	qr/permission denied to create extension "vgae"/, 'nor who may create objects in a schema only');

# The script runs as a superuser then: the installer's own traps catch nobody.
$node->safe_psql('postgres', 'GRANT CREATE ON DATABASE hostile TO attacker');
is(as_user('attacker', 'hostile', 'CREATE EXTENSION vgae SCHEMA evil'), '', 'the attacker installs the extension');
is(noted(), '', 'among traps that nobody steps into');
is(as_user('attacker', 'hostile', 'DROP EXTENSION vgae'), '', 'and drops it');

$node->stop;
done_testing();
