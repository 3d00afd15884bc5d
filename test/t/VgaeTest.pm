# What the whole-server tests share.
package VgaeTest;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use File::Temp;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(start_node start_psql finish_psql postmaster_pid
  data_directory load_cora create_models model_answers
  changed_trainings mean);

# A running server with the extension in database postgres; $conf is added to its
# configuration.
sub start_node
{
	my ($name, $conf) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(allows_streaming => 1);
	$node->append_conf('postgresql.conf', "fsync = off\njit = off\ntimezone = 'UTC'\n" . ($conf // ''));
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION vgae');
	return $node;
}

# A session that runs SQL text while the test goes on: its backend's pid in field
# "pid", and what it has printed, once it has finished, in "out" and "err".
sub start_psql
{
	my ($node, $sql) = @_;
	my %psql = (out => '', err => '');
	my $timer = IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default);
	my ($script, $file) = File::Temp::tempfile(DIR => PostgreSQL::Test::Utils::tempdir());

	print $script "SELECT pg_backend_pid();\n$sql";
	close $script;
	$psql{run} = IPC::Run::start(
		[ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', $file ],
		'<', '/dev/null', '>', \$psql{out}, '2>', \$psql{err}, $timer);
	pump_until($psql{run}, $timer, \$psql{out}, qr/^\d+\n/)
	  or BAIL_OUT("psql did not start: $psql{err}");
	($psql{pid}) = $psql{out} =~ /^(\d+)\n/;
	$psql{out} = '';
	return \%psql;
}

# Wait for it; true if nothing went wrong in it.
sub finish_psql
{
	my ($psql) = @_;

	return $psql->{run}->finish;
}

sub postmaster_pid
{
	my ($node) = @_;

	return (split /\n/, slurp_file($node->data_dir . '/postmaster.pid'))[0];
}

# The directory of a data set, or undef where the data sets are absent.
sub data_directory
{
	my ($name) = @_;
	my $directory = ($ENV{VGAE_DATA} // '') . "/$name";

	return -d $directory ? $directory : undef;
}

sub load_csv
{
	my ($node, $table, $file) = @_;

	# By the client, so that the server's user need not read the file.
	$node->safe_psql('postgres', "\\copy $table from '$file' with (format csv, header)");
	return;
}

# Tables citations (src, dst), words (node, feature), papers (id, label).
sub load_cora
{
	my ($node, $directory) = @_;

	$node->safe_psql(
		'postgres', q{
		CREATE TABLE citations (src int, dst int);
		CREATE TABLE words (node int, feature int);
		CREATE TABLE papers (id int PRIMARY KEY, label int)});
	load_csv($node, 'citations', "$directory/edges.csv");
	load_csv($node, 'words', "$directory/features.csv");
	load_csv($node, 'papers', "$directory/labels.csv");
	return;
}

# A small graph in edges and people, and a model of each kind in models, beside the
# arguments it was trained with.
my %arguments = (
	ae => q{nodes => 'public.people', model => 'ae', epochs => 10},
	vae => q{nodes => 'public.people', model => 'vae', epochs => 10},
	gae => q{edges => 'public.edges', model => 'gae', epochs => 20},
	vgae => q{edges => 'public.edges', nodes => 'public.people', epochs => 20});

sub create_models
{
	my ($node) = @_;

	$node->safe_psql(
		'postgres', q{
		CREATE TABLE edges AS
			SELECT 'n' || g % 100 AS src, 'n' || (g * 7 + g / 100) % 100 AS dst FROM generate_series(1, 400) g;
		CREATE TABLE people AS
			SELECT 'n' || g AS id, sin(g) AS height, g % 3 = 0 AS glasses, 'kind ' || g % 4 AS kind
			FROM generate_series(0, 99) g;
		CREATE TABLE models (name text PRIMARY KEY, model bytea);}
		  . join('', map { "INSERT INTO models VALUES ('$_', vgae_train($arguments{$_}));" } sort keys %arguments));
	return;
}

# What the models are, byte for byte, and what they answer.
sub model_answers
{
	my ($node, $database) = @_;

	return $node->safe_psql(
		$database // 'postgres', q{
		SELECT name, length(model), encode(sha256(model), 'hex'), vgae_info(model) ->> 'nodes',
			(SELECT round(sum(e.v)::numeric, 3) FROM vgae_embeddings(model, NULL::text), unnest(embedding) e (v))
		FROM models ORDER BY name;
		SELECT name, round(vgae_link_score(model, 'n1'::text, 'n2'::text)::numeric, 4),
			(SELECT string_agg(src || '-' || dst, ' ') FROM vgae_predict_links(model, NULL::text, k => 5))
		FROM models WHERE name LIKE '%gae' ORDER BY name;
		SELECT name, (SELECT round(sum(v)::numeric, 3) FROM unnest(vgae_reconstruct(model, '{1,0,0,1,0,0}')) v)
		FROM models WHERE name NOT LIKE '%gae' ORDER BY name});
}

# The names of those models that the same training does not give again.
sub changed_trainings
{
	my ($node, $before) = @_;

	return $node->safe_psql(
		'postgres',
		($before // '')
		  . join(' UNION ALL ',
			map { "SELECT name FROM models WHERE name = '$_' AND model <> vgae_train($arguments{$_})" }
			  sort keys %arguments));
}

sub mean
{
	my $sum = 0;

	$sum += $_ foreach @_;
	return $sum / @_;
}

1;
