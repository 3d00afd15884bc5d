# Retraining by pg_cron: the document's configuration and jobs, as printed, run, store
# newer models, and are seen to fail; over a connection and in background workers.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use Test::More;
use VgaeTest;

plan skip_all => 'the extension "pg_cron" is not installed' unless has_extension('pg_cron');

my $node = start_node('cron');

create_graphs($node);
my ($train) = code_blocks('docs/neighbours.md', undef, 'sql');
my ($configuration) = code_blocks('docs/neighbours.md', 'pg_cron', 'ini');
my ($jobs, $outcome) = code_blocks('docs/neighbours.md', 'pg_cron', 'sql');

$node->append_conf('postgresql.conf', $configuration);
$node->restart;
run_blocks($node, $train, $jobs);
is( ask_graphs($node, 'SELECT jobname, schedule, active FROM cron.job ORDER BY jobid'),
	"retrain papers|0 3 * * *|t\nretrain friends|30 3 * * *|t", 'the jobs are scheduled for the night');

# A plain CALL, too, and what cannot work
ask_graphs(
	$node, q{
	INSERT INTO models VALUES ('friends', '\x00', '2000-01-01'), ('purchases', '\x00', '2000-01-01');
	CREATE VIEW basket AS SELECT customer_id AS src, 1000 + product_id AS dst FROM purchases;
	SELECT cron.schedule('retrain purchases', '0 4 * * *', $$CALL vgae_train_into('models', 'purchases', 'basket')$$);
	SELECT cron.schedule('two statements', '0 5 * * *', $$CALL vgae_train_into('models', 'two', 'basket'); SELECT 1$$)});
is((run_blocks($node, $outcome))[0], 'friends|2000-01-01 00:00:00+00', 'a model that is too old is seen');

# A connection goes where the job says.
ask_graphs($node, "UPDATE cron.job SET nodename = '" . $node->host . "'");

# Run every job once. pg_cron's hours cannot be waited for; its start can.
sub run_jobs
{
	ask_graphs($node, q{TRUNCATE cron.job_run_details; UPDATE cron.job SET schedule = '@reboot'});
	$node->restart;
	ok( $node->poll_query_until('graphs',
			q{SELECT count(*) = 4 FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')}),
		'the jobs have run');
	return;
}

foreach my $way (
	[ 'background workers', '' ],
	[ 'connections', "cron.use_background_workers = off\nshared_preload_libraries = 'pg_cron, vgae'\n" ])
{
	my ($by, $setting) = @$way;

	$node->append_conf('postgresql.conf', $setting);
	ask_graphs(
		$node, q{
		DROP TABLE IF EXISTS expected;
		CREATE TABLE expected AS
			SELECT name, vgae_train('citations', features => 'paper_words', epochs => 50, warm_start => model) AS model
			FROM models WHERE name = 'papers'
			UNION ALL SELECT 'friends', vgae_train('friendships')
			UNION ALL SELECT 'purchases', vgae_train('basket');
		UPDATE models SET trained_at = '2000-01-01'});
	run_jobs();
	is( ask_graphs($node, 'SELECT jobname, status FROM cron.job_run_details JOIN cron.job USING (jobid) ORDER BY jobid'),
		"retrain papers|succeeded\nretrain friends|succeeded\nretrain purchases|succeeded\ntwo statements|failed",
		"what became of them in $by");
	is( ask_graphs(
			$node, q{
			SELECT name, m.model = e.model, trained_at > '2000-01-01' FROM models m FULL JOIN expected e USING (name)
			ORDER BY name}),
		"friends|t|t\npapers|t|t\npurchases|t|t",
		'the models are newer, and what the same training by hand gives');
	my ($seen) = run_blocks($node, $outcome);
	like($seen, qr/^retrain papers\|succeeded\|CALL\|/m, 'success is seen');
	like(
		$seen,
		qr/^two statements\|failed\|ERROR: +vgae_train_into cannot run inside .*^HINT: +CALL it as a statement of its own/ms,
		'failure is seen, and why');
}

# ---- A training that fails

ask_graphs($node, q{ALTER TABLE citations RENAME TO lost; UPDATE models SET trained_at = '2000-01-01'});
run_jobs();
like(
	(run_blocks($node, $outcome))[0],
	qr/^retrain papers\|failed\|ERROR: +relation "citations" does not exist.*^papers\|2000-01-01/ms,
	'a training that fails is seen, and that the model is old');
is( ask_graphs($node, q{SELECT m.model = e.model FROM models m JOIN expected e USING (name) WHERE name = 'papers'}),
	't', 'the former model is there');

$node->stop;
done_testing();
