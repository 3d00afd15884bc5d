# pg_upgrade takes a cluster with models into another one of the same version.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $old = start_node('old');
my $bindir = $old->config_data('--bindir');

if (!-x "$bindir/pg_upgrade")
{
	$old->stop;
	plan skip_all => 'there is no pg_upgrade';
}

create_models($old);
$old->safe_psql(
	'postgres', q{
	CREATE INDEX ON models ((vgae_info(model) ->> 'latent_dim'));
	CREATE MATERIALIZED VIEW links AS
		SELECT l.* FROM models, vgae_predict_links(model, NULL::text) l WHERE name = 'gae'});
my $expected = model_answers($old);
my $links = $old->safe_psql('postgres', 'SELECT * FROM links');

# It writes scripts to where it is started.
chdir PostgreSQL::Test::Utils::tempdir();

sub pg_upgrade
{
	my ($from, $to, @options) = @_;

	return [
		'pg_upgrade', '--no-sync', '--old-bindir', $bindir, '--new-bindir', $bindir,
		'--old-datadir', $from->data_dir, '--new-datadir', $to->data_dir,
		'--old-port', $from->port, '--new-port', $to->port, '--socketdir', $to->host, @options
	];
}

# First by copies, then the new cluster into a still newer one by links.
my $from = $old;

foreach my $mode ('copy', 'link')
{
	my $to = PostgreSQL::Test::Cluster->new("to_$mode");
	my @options = $mode eq 'link' ? ('--link') : ();

	$to->init;
	$from->stop;
	command_ok(pg_upgrade($from, $to, '--check', @options), "pg_upgrade --check, $mode");
	command_ok(pg_upgrade($from, $to, @options), "pg_upgrade, $mode");
	$to->start;
	is(model_answers($to), $expected, "same models, $mode");
	is($to->safe_psql('postgres', 'SELECT * FROM links'), $links, "same materialized view, $mode");
	is(changed_trainings($to), '', "same trainings, $mode");
	$from = $to;
}

# The extension is whole: it can go and come back.
is( $from->safe_psql(
		'postgres', q{
		SELECT count(*) FROM pg_depend WHERE refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vgae')
			AND classid = 'pg_proc'::regclass AND deptype = 'e'
			HAVING count(*) = (SELECT count(*) FROM pg_proc WHERE proname LIKE 'vgae\_%');
		DROP EXTENSION vgae CASCADE;
		CREATE EXTENSION vgae}) > 0,
	1, 'the extension owns its functions, is dropped and created again');
is(model_answers($from), $expected, 'same models with the extension created anew');

$from->stop;
done_testing();
