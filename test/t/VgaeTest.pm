# What the whole-server tests share.
package VgaeTest;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use PostgreSQL::Test::Cluster;
use Test::More;

our @EXPORT = qw(start_node data_directory load_cora mean);

# A running server with the extension in database postgres.
sub start_node
{
	my ($name) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);

	$node->init(allows_streaming => 1);
	$node->append_conf('postgresql.conf', "fsync = off\njit = off\n");
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION vgae');
	return $node;
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

sub mean
{
	my $sum = 0;

	$sum += $_ foreach @_;
	return $sum / @_;
}

1;
