# Hypertables of TimescaleDB as inputs: the document's block, as printed.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use Test::More;
use VgaeTest;

plan skip_all => 'the extension "timescaledb" is not installed' unless has_extension('timescaledb');

my $node = start_node('timescaledb', "shared_preload_libraries = 'timescaledb'\ntimescaledb.telemetry_level = off\n");

create_graphs($node);
my ($hypertable) = grep { /^-- needs timescaledb$/m } code_blocks('docs/neighbours.md', 'Other kinds of tables', 'sql');

run_blocks($node, $hypertable);
note('TimescaleDB ' . ask_graphs($node, q{SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'}));
ask_graphs($node, 'CREATE TABLE plain_transfers AS SELECT * FROM transfers');

my $last_month = q{SELECT src, dst, sum(amount) AS weight FROM transfers WHERE at >= '2026-02-01' GROUP BY src, dst};
my $of_plain_table = $last_month =~ s/FROM transfers/FROM plain_transfers/r;

is(ask_graphs($node, qq{SELECT model = vgae_train(\$\$$of_plain_table\$\$) FROM models WHERE name = 'transfers'}),
	't', 'a hypertable gives the model of the same plain table');
my %read = map { $_ => 1 } ask_graphs($node, "EXPLAIN (COSTS OFF) $last_month") =~ /(_hyper_\d+_\d+_chunk)/g;
cmp_ok(scalar(keys %read), '<', ask_graphs($node, q{SELECT count(*) FROM show_chunks('transfers')}),
	'and the chunks before that month are not read');
is( ask_graphs(
		$node, q{
		BEGIN;
		SELECT vgae_train('transfers', epochs => 5) = vgae_train('plain_transfers', epochs => 5);
		INSERT INTO transfers VALUES (1, 2, 3, '2027-01-01');
		SELECT count(*) FROM transfers;
		COMMIT}),
	"t\n1401", 'by its name, within a transaction that goes on to write');
ask_graphs($node, q{CALL vgae_train_into('models', 'transfers', 'transfers', epochs => 5)});
is( ask_graphs(
		$node, q{
		SELECT (vgae_info(model) ->> 'edges')::int = (SELECT count(DISTINCT (least(src, dst), greatest(src, dst)))
			FROM transfers WHERE src <> dst) FROM models WHERE name = 'transfers'}),
	't', 'also with vgae_train_into');

$node->stop;
done_testing();
