# What else gives and takes graphs: Grafana's node graph, property graphs in plain
# tables, partitioned and foreign tables and queries of several kinds.  The document's
# blocks, as printed.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $document = 'docs/neighbours.md';
my $node = start_node('inputs');

create_graphs($node);
run_blocks($node, code_blocks($document, undef, 'sql'));

# ---- Grafana

my ($view, @frames) = code_blocks($document, 'Grafana', 'sql');

run_blocks($node, $view);
foreach my $frame ([ nodes => $frames[0] ], [ edges => $frames[1] ])
{
	my ($name, $query) = @$frame;

	run_blocks($node, $query);
	ask_graphs($node, "CREATE VIEW $name AS $query");
}
is( ask_graphs(
		$node, q{
		SELECT attrelid::regclass, string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
		FROM pg_attribute WHERE attrelid IN ('nodes'::regclass, 'edges'::regclass) GROUP BY 1 ORDER BY 1}),
	'nodes|id text, title text, subtitle text, mainstat double precision, secondarystat double precision, '
	  . 'arc__known double precision, arc__predicted double precision, detail__year integer' . "\n"
	  . 'edges|id text, source text, target text, mainstat double precision, thickness double precision, '
	  . 'color text, strokedasharray text, detail__kind text',
	'the columns that the panel looks for');
is(ask_graphs($node, 'SELECT count(*) > 20, count(DISTINCT id) = count(id), count(id) = count(*) FROM nodes'),
	't|t|t', 'an id for each node');
is( ask_graphs(
		$node, q{
		SELECT count(DISTINCT id) = count(*), count(*) FILTER (WHERE detail__kind = 'predicted'),
			count(*) FILTER (WHERE detail__kind = 'known') > 0 FROM edges}),
	't|50|t', 'an id for each edge');
is( ask_graphs(
		$node, q{
		SELECT count(*) FROM edges
		WHERE source = target OR source NOT IN (SELECT id FROM nodes) OR target NOT IN (SELECT id FROM nodes)}),
	'0', 'both ends of every edge are nodes');
is( ask_graphs(
		$node, q{
		SELECT count(*) FROM nodes n WHERE abs(arc__known + arc__predicted - 1) > 1e-9 OR secondarystat NOT BETWEEN 0 AND 1
			OR mainstat <> (SELECT count(*) FROM edges WHERE n.id IN (source, target))}),
	'0', 'arcs add up to 1, and the number of links is that of the edges');
is(ask_graphs($node, 'SELECT count(*) FROM edges WHERE thickness BETWEEN 1 AND 5 AND mainstat BETWEEN 0 AND 1'),
	ask_graphs($node, 'SELECT count(*) FROM edges'), 'every edge has a thickness and a probability');

# ---- Property graphs

my ($property_graph) = code_blocks($document, 'Property graphs and Apache AGE', 'sql');
my ($links) = run_blocks($node, $property_graph);
is( ask_graphs(
		$node, q{
		SELECT vgae_info(model) ->> 'nodes', vgae_info(model) ->> 'edges', vgae_info(model) ->> 'features',
			vgae_info(model) ->> 'weighted' FROM models WHERE name = 'property graph'}),
	'70|120|4|true', 'the graph, with an age and three labels');
is(scalar(() = $links =~ /^(?:person|firm) \d+\|(?:person|firm) \d+\|/gm), 10, 'and its links');

# ---- Other kinds of tables

my ($partitions, undef, $together, $hierarchy, $remote, $file) =	# hypertables have a test of their own
  code_blocks($document, 'Other kinds of tables', 'sql');

my @printed = run_blocks($node, $partitions, $together, $hierarchy);
is( $printed[0],
	ask_graphs($node, q{
		SELECT count(DISTINCT (least(src, dst), greatest(src, dst))) FROM calls_february WHERE src <> dst}),
	'edges of one partition');
is( $printed[1],
	ask_graphs($node, q{
		SELECT count(DISTINCT (a.product_id, b.product_id)) FROM purchases a JOIN purchases b USING (customer_id)
		WHERE a.product_id < b.product_id}),
	'edges of things that occur together');
is( $printed[2],
	ask_graphs($node, q{SELECT sum((part >= 3)::int + (part >= 9)::int + (part >= 27)::int) FROM parts}),
	'edges of a hierarchy');

SKIP:
{
	skip 'the extension "postgres_fdw" is not installed', 4 unless has_extension('postgres_fdw');

	$node->safe_psql('postgres', 'CREATE DATABASE warehouse TEMPLATE graphs');
	run_blocks($node, $remote);
	is(ask_graphs($node, q{SELECT model = vgae_train('calls') FROM models WHERE name = 'remote'}),
		't', 'a table on another server gives the model of the same table here');
	is( ask_graphs(
			$node, q{
			BEGIN;
			SELECT vgae_train('remote_calls', epochs => 5) = vgae_train('remote_calls', epochs => 5);
			SELECT count(*) FROM remote_calls;
			COMMIT}),
		"t\n1000", 'twice in a transaction, which goes on');
	ask_graphs($node, q{CALL vgae_train_into('models', 'remote', 'remote_calls', epochs => 5)});
	is(ask_graphs($node, q{SELECT model = vgae_train('calls', epochs => 5) FROM models WHERE name = 'remote'}),
		't', 'also with vgae_train_into');
}

SKIP:
{
	skip 'the extension "file_fdw" is not installed', 2 unless has_extension('file_fdw');

	append_to_file($node->data_dir . '/calls.csv', "src,dst\n1,2\n2,3\n3,1\n3,4\n");
	run_blocks($node, $file);
	is(ask_graphs($node, q{SELECT vgae_info(model) ->> 'edges' FROM models WHERE name = 'file'}), '4', 'edges of a file');
}

$node->stop;
done_testing();
