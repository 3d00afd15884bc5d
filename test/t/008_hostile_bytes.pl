# Damaged models through every function that takes one: an answer, or an error that
# says so. HOSTILE_MODELS says how many (make fuzz-server: 100 000).

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

use constant SEEDS => 10;    # models of seeds.sql

my $models = $ENV{HOSTILE_MODELS} // 3000;
my $each = int($models / SEEDS);
my $fuzz = "$FindBin::RealBin/../fuzz";

# What else than 22P03 may come of a model that is well-formed, but odd, and from which
# functions.
my %allowed = (
	# It is of another kind, or has other dimensions, than the call is for.
	'22023' => qr/./,
	# Its keys or features are of another type than the call's.
	'42804' => qr/./,
	# A text cannot be read as a key of its.
	'22P02' => qr/^vgae_(embedding|link_score|link_probability|recommend)$/,
	# The feature that it asks for is called otherwise than the column of the query.
	'42703' => qr/^vgae_encode_graph$/,
	# Its weights are finite, but what comes of them is not.
	'22003' => qr/^vgae_(encode|encode_graph|decode|reconstruct|interpolate|train)$/,
	# An answer with what JSON has no number for.
	'no number' => qr/^vgae_info$/);

my $node = start_node('hostile');
$node->safe_psql('postgres', PostgreSQL::Test::Utils::slurp_file("$fuzz/seeds.sql"));
$node->safe_psql(
	'postgres', qq{
	CREATE FUNCTION damage(bytea, bigint) RETURNS bytea
		AS '$fuzz/build/damage.so' LANGUAGE C STRICT IMMUTABLE;
	CREATE FUNCTION repair(bytea) RETURNS bytea
		AS '$fuzz/build/damage.so' LANGUAGE C STRICT IMMUTABLE});
$node->safe_psql('postgres', PostgreSQL::Test::Utils::slurp_file("$fuzz/hostile.sql"));
is($node->safe_psql('postgres', q{SELECT count(*) FROM seeds WHERE kind IS NOT NULL}),
	SEEDS, 'there are models to damage');

# One session, so that what a refused model leaves behind adds up.
my ($out, $err) = ('', '');
my $status = $node->psql(
	'postgres', qq{
	SET vgae.threads = 1;
	SET statement_timeout = '1h';
	SET client_min_messages = error;
	CALL attack(1, $each / 2);
	SELECT sum(total_bytes) AS before FROM pg_backend_memory_contexts \\gset
	SET vgae.threads = 2;
	CALL attack($each / 2 + 1, $each);
	SELECT sum(total_bytes) - :before FROM pg_backend_memory_contexts},
	stdout => \$out, stderr => \$err);
is($status, 0, "$models damaged models: the session goes on") or diag $err;
cmp_ok($out, '<', 10e6, 'and needs no more memory than half-way');

is( $node->safe_psql(
		'postgres', q{
		SELECT function FROM calls
		EXCEPT SELECT function FROM calls JOIN outcome USING (seed, call) WHERE state IN ('00000', 'no number')}),
	'', 'every function has answered with some of them');

# Of each function and SQLSTATE: how often, and a model to repeat it with.
my @wrong;
foreach (split /\n/, $node->safe_psql(
		'postgres', q{
		SELECT split_part(function, '(', 1), state, sum(count),
			min(format('%s, damage %s: %s', seed, number, expression))
		FROM calls JOIN outcome USING (seed, call) GROUP BY 1, 2 ORDER BY 1, 2}))
{
	my ($function, $state, $count, $example) = split /\|/;

	note "$function $state: $count";
	next if $state eq '00000' || $state eq '22P03';
	next if defined $allowed{$state} && $function =~ $allowed{$state};
	push @wrong, "$function gave $state $count times; as of $example";
}
is(join("\n", @wrong), '', 'only answers and the errors that are allowed');

# The damage is neither too coarse to get past the reader, nor too fine to be found.
my $refused = $node->safe_psql(
	'postgres', q{
	SELECT sum(count) FILTER (WHERE state = '22P03') / sum(count)
	FROM calls JOIN outcome USING (seed, call) WHERE function = 'vgae_info(bytea)'});
note "refused: $refused";
ok($refused > 0.3 && $refused < 0.9, 'some models are refused, and others used');

# By hand: "more" columns of no width are added to the last section, which describes the
# features: seven numbers, of which the first has an indicator.
$node->safe_psql(
	'postgres', q{
	CREATE FUNCTION little_endian(number bigint, bytes int) RETURNS bytea LANGUAGE sql AS $$
		SELECT string_agg(set_byte('\x00', 0, (number >> 8 * i & 255)::int), '' ORDER BY i) FROM generate_series(0, bytes - 1) i $$;
	CREATE FUNCTION number(indicator int) RETURNS bytea LANGUAGE sql AS $$
		SELECT little_endian(1, 4) || little_endian(1, 4) || little_endian(indicator, 4) || little_endian(1, 4) || 'n' || little_endian(0, 8) $$;
	CREATE FUNCTION with_columns(model bytea, more int) RETURNS bytea LANGUAGE sql AS $$
		SELECT repair(substring(model FROM 1 FOR at + 7) || little_endian(length(contents), 8) || contents
			|| substring('\x00000000000000'::bytea FROM 1 FOR -length(contents) & 7))
		FROM (SELECT position('SCHM'::bytea IN model)) p (at),
			LATERAL (SELECT substring(model FROM at + 16 FOR 16) || little_endian(7 + more, 4)
				|| number(1) || decode(repeat(encode(number(0), 'hex'), 6), 'hex')
				|| decode(repeat(encode(little_endian(3, 4) || little_endian(0, 8) || little_endian(1, 4) || 'a' || little_endian(0, 8), 'hex'), more), 'hex')
				|| little_endian(0, 16)) c (contents) $$});
is( $node->safe_psql(
		'postgres', q{
		CREATE FUNCTION state_with(columns int) RETURNS text LANGUAGE plpgsql AS $$
		BEGIN
			RETURN vgae_info(with_columns(model, columns)) ->> 'features' FROM seeds WHERE name = 'ae_int';
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE || ' ' || SQLERRM;
		END $$;
		SELECT state_with(1000), state_with(1664)}),
	'7|22P03 invalid vgae model', 'a model has no more columns than a query may have');

$node->stop;
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile),
	qr/terminated by signal|PANIC|server process .* exited/, 'no backend crashed');

done_testing();
