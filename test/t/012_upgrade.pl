# Models and installations of the past go on working.
#
# test/data/golden/format-N holds models of every kind as the first release that wrote
# format N left them, and what they answered then; write.sql there says how they came to
# be.  They are never written anew: a library that reads them no longer is wrong.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Extension;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $node = start_node('upgrade');

# What the extension is made of after an upgrade from that version to the default one, or
# to another.
sub upgraded
{
	my ($node, $version, $to) = @_;
	my $database = "from $version";

	$node->safe_psql('postgres', qq{DROP DATABASE IF EXISTS "$database"});
	$node->safe_psql('postgres', qq{CREATE DATABASE "$database"});
	$node->safe_psql($database, "CREATE EXTENSION vgae VERSION '$version'");
	$node->safe_psql($database, 'ALTER EXTENSION vgae UPDATE' . (defined $to ? " TO '$to'" : ''));
	return describe_extension($node, $database);
}

# ---- From every version to every later one

my $default = default_version();
my @versions = install_scripts();
my %installable = map { $_ => 1 } @versions;

ok($installable{$default}, "default version $default has an install script");
is($node->safe_psql('postgres', 'SELECT vgae_version()'), $default, 'and is the library\'s version');
foreach my $step (upgrade_scripts())
{
	my ($from) = $step =~ /^(\S+) to /;

	# Else nobody can be at it, or it cannot be tested.
	ok($installable{$from}, "version $from, which can be upgraded, can be installed");
}
is( $node->safe_psql(
		'postgres', qq{
		SELECT string_agg(source, ' ') FROM pg_extension_update_paths('vgae')
		WHERE target = '$default' AND source <> target AND path IS NULL}),
	'', "every other version has a way to $default");

my $fresh = describe_extension($node, 'postgres');

foreach my $version (grep { $_ ne $default } @versions)
{
	is(upgraded($node, $version), $fresh, "upgraded from $version it is as if installed anew");
}

# What is compared would show a difference: a cost, a comment, a member more or less.
foreach my $change (
	'ALTER FUNCTION vgae_info(bytea) COST 7',
	'ALTER FUNCTION vgae_info(bytea) VOLATILE',
	'ALTER FUNCTION vgae_embedding(bytea, text) PARALLEL UNSAFE',
	'COMMENT ON AGGREGATE vgae_auc(float8, boolean) IS NULL',
	'ALTER EXTENSION vgae DROP FUNCTION vgae_version()',
	'CREATE VIEW vgae_more AS SELECT 1 AS n; ALTER EXTENSION vgae ADD VIEW vgae_more')
{
	$node->safe_psql('postgres', 'DROP DATABASE IF EXISTS changed');
	$node->safe_psql('postgres', 'CREATE DATABASE changed');
	$node->safe_psql('changed', "CREATE EXTENSION vgae; $change");
	isnt(describe_extension($node, 'changed'), $fresh, "seen: $change");
}

# ---- From this version to the next

# What the next one will be nobody knows; so in a copy of the server there is one, which
# has one function more and describes another one otherwise.
my $next = '999.0';
my $news = q{
	CREATE FUNCTION vgae_news(model bytea) RETURNS jsonb AS 'MODULE_PATHNAME', 'vgae_info'
		LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
	ALTER FUNCTION vgae_info(bytea) COST 7;};
my $comment = q{COMMENT ON FUNCTION vgae_news(bytea) IS 'what is new';};
my ($programs, $scripts) = copy_server($node);
my $control = slurp_file(source_directory() . '/vgae.control');

unlink "$scripts/vgae.control";
append_to_file("$scripts/vgae.control", $control =~ s/^(default_version *= *)'.*'/$1'$next'/mr);
append_to_file("$scripts/vgae--$next.sql", slurp_file(install_script()) . $news . $comment);
append_to_file("$scripts/vgae--$default--$next.sql", $news . $comment);
append_to_file("$scripts/vgae--$default--forgetful.sql", $news);

my $later;
{
	local $ENV{PATH} = "$programs:$ENV{PATH}";
	$later = start_node('later');
}
my $anew = describe_extension($later, 'postgres');

isnt($anew, $fresh, 'the next version differs from this one');
is(upgraded($later, $default), $anew, 'upgraded to the next version it is as if installed anew');
isnt(upgraded($later, $default, 'forgetful'), $anew, 'an upgrade that forgets a comment is noticed');

# By an owner who is no superuser; and what uses the extension stays.
$later->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE DATABASE used OWNER owner');
my @as_owner = (extra_params => [ '-U', 'owner', '-d', 'used' ]);
$later->safe_psql(
	'used', qq{
	CREATE EXTENSION vgae VERSION '$default';
	CREATE TABLE used (model bytea);
	INSERT INTO used SELECT vgae_train('VALUES (1, 2), (2, 3), (3, 4)', epochs => 1);
	CREATE INDEX ON used ((vgae_info(model) ->> 'nodes'));
	CREATE VIEW links AS SELECT l.* FROM used, vgae_predict_links(model) l;
	CREATE TABLE before AS TABLE links;
	ALTER EXTENSION vgae UPDATE}, @as_owner);
is( $later->safe_psql(
		'used', q{
		SET enable_seqscan = off;
		SELECT count(*), (SELECT count(*) FROM (TABLE before EXCEPT TABLE links) c), (SELECT count(*) > 0 FROM links),
			vgae_news(model) ->> 'edges'
		FROM used WHERE vgae_info(model) ->> 'nodes' = '4' GROUP BY model}, @as_owner),
	'1|0|t|3', 'its owner upgrades it, and what uses it goes on');
$later->stop;

# ---- Models of every format

my $golden = source_directory() . '/test/data/golden';
my $format = $node->safe_psql(
	'postgres', q{SELECT vgae_info(vgae_train('VALUES (1, 2)', epochs => 0)) ->> 'format_version'});

# Two answers are the same where the numbers of the old one come again, but for rounding:
# processors differ.  Answers may have learnt more keys.
$node->safe_psql(
	'postgres', q{
	CREATE TABLE models (name text PRIMARY KEY, model bytea);
	CREATE TABLE answers (name text, question text, answer jsonb);
	CREATE FUNCTION same(old jsonb, new jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
	BEGIN
		IF jsonb_typeof(old) IS DISTINCT FROM jsonb_typeof(new) THEN
			RETURN false;
		END IF;
		RETURN CASE jsonb_typeof(old)
			WHEN 'number' THEN abs(old::float8 - new::float8) <= 1e-5 * (1 + abs(old::float8))
			WHEN 'array' THEN jsonb_array_length(old) = jsonb_array_length(new) AND
				NOT EXISTS (SELECT FROM generate_series(0, jsonb_array_length(old) - 1) AS i WHERE NOT same(old -> i, new -> i))
			WHEN 'object' THEN NOT EXISTS (SELECT FROM jsonb_each(old) WHERE NOT same(value, new -> key))
			ELSE old = new
		END;
	END $$;
	CREATE FUNCTION ask(question text, model bytea) RETURNS jsonb LANGUAGE plpgsql AS $$
	DECLARE
		answer jsonb;
	BEGIN
		EXECUTE question INTO STRICT answer USING model;
		RETURN answer;
	EXCEPTION WHEN OTHERS THEN
		RETURN jsonb_build_object('error', SQLERRM, 'state', SQLSTATE);
	END $$});

foreach my $number (1 .. $format)
{
	my $directory = "$golden/format-$number";

	ok(-d $directory, "there are models of format $number") or next;
	$node->safe_psql(
		'postgres', qq{
		TRUNCATE models, answers;
		\\copy models from '$directory/models.csv' with (format csv, header)
		\\copy answers from '$directory/answers.csv' with (format csv, header)});
	is( $node->safe_psql(
			'postgres', q{
			SELECT string_agg(DISTINCT answer ->> 'model', ' ' ORDER BY answer ->> 'model'), string_agg(DISTINCT answer ->> 'format_version', ' ')
			FROM answers WHERE question = 'SELECT vgae_info($1)'}),
		"ae gae vae vgae|$number", "they are of every kind, and of format $number");
	is( $node->safe_psql(
			'postgres', q{
			SET client_min_messages = error;
			SELECT name, question, answer AS old, ask(question, model) AS new FROM models JOIN answers USING (name)
			WHERE NOT same(answer, ask(question, model)) ORDER BY 1, 2}),
		'', "all answers of format $number are as they were");

	# Another model would not have given them.
	is( $node->safe_psql(
			'postgres', q{
			SET client_min_messages = error;
			SELECT count(*) FILTER (WHERE question ~ 'vgae_(info|embeddings|history)'
				AND same(answer, ask(question, (SELECT model FROM models m WHERE m.name > a.name OR a.name = 'went on' ORDER BY m.name LIMIT 1))))
			FROM answers a}),
		'0', "and are its models' own");
}

$node->stop;
done_testing();
