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
my ($plain, $cypher) = code_blocks('docs/neighbours.md', 'Property graphs and Apache AGE', 'sql');
my ($printed) = run_blocks($node, $cypher);

is( ask_graphs(
		$node, q{
		SELECT vgae_info(model) ->> 'nodes', vgae_info(model) ->> 'edges', vgae_info(model) ->> 'features',
			vgae_info(model) ->> 'weighted' FROM models WHERE name = 'cypher'}),
	'60|88|1|true', 'the graph');
is(scalar(() = $printed =~ /^person \d+\|person \d+\|/gm), 10, 'its links have the names as keys');

sub train_cypher
{
	my ($query, $columns, $load) = @_;

	return $node->psql('graphs', ($load // 'LOAD \'age\';') . qq{
		SET search_path = public, ag_catalog;
		SELECT vgae_info(vgae_train(\$\$SELECT * FROM cypher('social', \$c\$ $query \$c\$) AS ($columns)\$\$)) ->> 'node_type'});
}

my ($status, $out, $error) = train_cypher('MATCH (a)-[:KNOWS]->(b) RETURN id(a), id(b)', 'src bigint, dst bigint');
is($out, 'integer', 'ids are integer keys');
($status, $out, $error) = train_cypher('MATCH (a)-[:KNOWS]->(b) RETURN id(a), id(b)', 'src agtype, dst agtype');
like($error, qr/column "src" of argument "edges" cannot be a key.*has type agtype.*"src"::text/s, 'agtype is an error that says what to do');
($status, $out, $error) = train_cypher('MATCH (a), (b) CREATE (a)-[k:OWES]->(b) RETURN a.name, b.name', 'src text, dst text');
like($error, qr/read-only transaction/, 'a query that writes is an error');
is( ask_graphs($node, q{SELECT count(*) FROM ag_catalog.ag_label WHERE name = 'OWES'}), '0', 'and nothing was written');
($status, $out, $error) = train_cypher('MATCH (a)-[:KNOWS]->(b) RETURN id(a), id(b)', 'src bigint, dst bigint', '');
like($error, qr/unhandled cypher\(cstring\) function call/, 'the error of a session that has not loaded it');

$node->stop;
done_testing();
