# Queries in Cypher as inputs, with Apache AGE: the document's block, as printed.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use Test::More;
use VgaeTest;

plan skip_all => 'the extension "age" is not installed' unless has_extension('age');

my $node = start_node('age');

create_graphs($node);
my ($plain, $cypher, $by_ids) = code_blocks('docs/neighbours.md', 'Property graphs and Apache AGE', 'sql');
my ($printed) = run_blocks($node, $cypher);

is( ask_graphs(
		$node, q{
		SELECT vgae_info(model) ->> 'nodes', vgae_info(model) ->> 'edges', vgae_info(model) ->> 'features',
			vgae_info(model) ->> 'weighted' FROM models WHERE name = 'cypher'}),
	'60|88|1|true', 'the graph');
is(scalar(() = $printed =~ /^person \d+\|person \d+\|/gm), 10, 'its links have the names as keys');
run_blocks($node, $by_ids);
is( ask_graphs(
		$node, q{
		SELECT vgae_info(model) ->> 'node_type', vgae_info(model) ->> 'nodes', vgae_info(model) ->> 'edges'
		FROM models WHERE name = 'cypher ids'}),
	'integer|60|88', 'ids are integer keys by a cast');

# What training on a query in Cypher prints: the type of the nodes' keys, or an error.
sub train_cypher
{
	my ($query, $columns, $load) = @_;
	my ($status, $printed, $error) = $node->psql(
		'graphs', ($load // q{LOAD 'age';}) . qq{
		SET search_path = public, ag_catalog;
		SELECT vgae_info(vgae_train(\$\$SELECT * FROM cypher('social', \$c\$ $query \$c\$) AS ($columns)\$\$)) ->> 'node_type'});

	return $printed . $error;
}

my $ids = 'MATCH (a)-[:KNOWS]->(b) RETURN id(a), id(b)';
my $age_version = ask_graphs($node, q{SELECT extversion FROM pg_extension WHERE extname = 'age'});

note("AGE $age_version");
is(train_cypher($ids, 'src text, dst text'), 'text', 'ids are text keys where they are declared so');
like(
	train_cypher($ids, 'src bigint, dst bigint'),
	$age_version =~ /^1\.[0-6]\./ ? qr/^integer$/ : qr/^integer$|cannot cast type graphid to bigint/,
	'ids declared as bigint: integer keys, or the error of AGE 1.8');
is(train_cypher('MATCH (a)-[:KNOWS]->(b) RETURN a.number, b.number', 'src bigint, dst bigint'),
	'integer', 'properties declared as bigint are integer keys');
like(
	train_cypher($ids, 'src agtype, dst agtype'),
	qr/column "src" of argument "edges" cannot be a key.*has type agtype.*"src"::text/s,
	'agtype is an error that says what to do');
like(train_cypher($ids, 'src text, dst text', ''),
	qr/unhandled cypher\(cstring\) function call/, 'the error of a session that has not loaded it');

foreach my $change ('CREATE (a)-[:OWES]->(b)', 'SET k.strength = -1', 'DELETE k')
{
	like(
		train_cypher("MATCH (a)-[k:KNOWS]->(b) $change RETURN a.name, b.name", 'src text, dst text'),
		qr/read-only transaction|a query that only reads/,
		"an error: $change");
}
is( ask_graphs(
		$node, q{
		SELECT count(*), count(*) FILTER (WHERE k::text LIKE '%-1%'),
			(SELECT count(*) FROM ag_catalog.ag_label WHERE name = 'OWES') FROM social."KNOWS" k}),
	'88|0|0', 'and nothing was changed');

$node->stop;
done_testing();
