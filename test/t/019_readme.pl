# The SQL of README.md and of the documents in docs runs as printed: every block marked as
# sql, from top to bottom, in a database that has the tables they talk about. And so does
# the demonstration. (The other examples are regression tests.)
#
# A block that begins with "-- after \i examples/..." runs in the session of that example. Where
# a block of its own follows, that is what it prints.
# docs/neighbours.md has tests of its own.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

my $source = "$FindBin::RealBin/../..";
my $node = start_node('readme');
my $pictures = PostgreSQL::Test::Utils::tempdir();	# that examples draw

# Papers of ten fields cite within their field and, one time in five, elsewhere; so do
# friends and customers keep to their kind.
my $tables = q{
	CREATE FUNCTION pick(what text, n int) RETURNS int LANGUAGE sql IMMUTABLE
		AS 'SELECT (hashtextextended(what, 0) & 1048575)::int % n';
	CREATE TABLE friendships AS
		SELECT id AS src, (id / 20 * 20 + pick(id || ' knows ' || n, 20)) AS dst
		FROM generate_series(0, 99) AS id, generate_series(1, 4) AS n;
	CREATE TABLE papers AS
		SELECT id, 'Paper ' || id AS title, 2010 + id / 20 AS year,
			(ARRAY['here', 'there', 'elsewhere'])[1 + id % 10 % 3] AS venue
		FROM generate_series(1, 219) AS id;
	CREATE TABLE citations AS
		SELECT id AS src, CASE pick(id || ' strays ' || n, 5) WHEN 0 THEN 1 + pick(id || ' cites ' || n, id - 1)
			ELSE id - 10 * (1 + pick(id || ' cites ' || n, (id - 1) / 10)) END AS dst, year + n - 1 AS year
		FROM papers, generate_series(1, 4) AS n WHERE id > 10;
	CREATE TABLE paper_words AS
		SELECT id AS paper, id % 10 * 10 + pick(id || ' says ' || n, 20) AS word
		FROM papers, generate_series(1, 6) AS n;
	CREATE TABLE papers_today AS SELECT * FROM papers UNION ALL SELECT 220, 'Paper 220', 2021, 'here';
	CREATE TABLE citations_today AS SELECT * FROM citations UNION ALL SELECT 220, 10, 2021;
	CREATE TABLE paper_words_today AS SELECT * FROM paper_words UNION ALL SELECT 220, 5;
	CREATE TABLE candidate_pairs AS SELECT id AS a, id + 10 AS b FROM generate_series(1, 100) AS id;
	CREATE TABLE customers AS
		SELECT id, 20 + pick(id || ' is', 60) AS age, 1000 * (15 + pick(id || ' earns', 50)) AS income,
			(ARRAY['basic', 'gold', 'plus'])[1 + id % 3] AS segment
		FROM generate_series(1, 120) AS id;
	CREATE TABLE products AS SELECT id FROM generate_series(1, 60) AS id;
	CREATE TABLE purchases AS
		SELECT id AS customer_id, 1 + id % 6 * 10 + pick(id || ' buys ' || n, 10) AS product_id
		FROM customers, generate_series(1, 4) AS n WHERE id < 120};

# Run it in a session of its own, in the current directory. psql sees it in the document's
# lines, and so tells the line of an error. No statement may be without any result, but for
# those that look at running trainings: there are none.
sub run_block
{
	my ($database, $file, $block) = @_;
	my $script = PostgreSQL::Test::Utils::tempdir() . '/' . ($file =~ s{/}{_}gr);
	my ($example) = $block->{text} =~ m{^-- after \\i (examples/\w+\.sql)$}m;
	my @before = defined $example ? ('-f', "$source/$example", '-c', '\echo The block') : ();
	my ($printed, $errors) = ('', '');

	append_to_file($script, "\n" x ($block->{line} - 1) . $block->{text});
	my $ran = IPC::Run::run(
		[ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-v', "directory=$pictures",
			'-d', $node->connstr($database), @before, '-f', $script ],
		'<', '/dev/null', '>', \$printed, '2>', \$errors);
	ok($ran, "$file, line $block->{line}") or diag $errors;
	$printed =~ s/^.*^The block\n//ms if defined $example;
	unlike($printed, qr/^\(0 rows\)$/m, "$file, line $block->{line}: something is found")
	  unless $block->{text} =~ /vgae_progress/;
	ok(same_result($printed, $block->{result}), "$file, line $block->{line}: its result") or diag $printed
	  if defined $block->{result};
	foreach my $picture ($block->{text} =~ /^\\o (\S+)/mg)
	{
		ok(-s $picture, "$file, line $block->{line}: $picture is written");
	}
	unlink $script;
	return;
}

# In a directory for what they write; those after an example in the one where examples run, and
# in a database without tables.
sub run_document
{
	my ($database, $file) = @_;
	my $directory = PostgreSQL::Test::Utils::tempdir();
	my @blocks = document_blocks($file, 'sql');

	note "$file: " . @blocks . ' blocks';
	foreach my $block (@blocks)
	{
		my $after_example = $block->{text} =~ /^-- after /;
		my $place = $after_example ? $source : $directory;

		chdir $place or die "cannot change to $place: $!";
		run_block($after_example ? 'examples' : $database, $file, $block);
	}
	chdir $source or die "cannot change to $source: $!";
	return scalar @blocks;
}

# README.md begins with CREATE EXTENSION. The other documents go on from where it ends.
$node->safe_psql('postgres', "CREATE DATABASE $_") foreach qw(readme examples);
$node->safe_psql('readme', $tables);
cmp_ok(run_document('readme', 'README.md'), '>=', 7, 'README.md has blocks of SQL');
my @jobs = grep { $_->{text} =~ /^-- after / } document_blocks('README.md', 'sql');
is(scalar @jobs, 5, 'README.md has five jobs');
ok(!(grep { !defined $_->{result} } @jobs), 'each with a result');

my $of_documents = 0;
foreach my $file (grep { $_ ne 'docs/neighbours.md' } map { s{^\Q$source\E/}{}r } sort glob "$source/docs/*.md")
{
	$node->safe_psql('postgres', 'DROP DATABASE IF EXISTS document');
	$node->safe_psql('postgres', 'CREATE DATABASE document TEMPLATE readme');
	my $blocks = run_document('document', $file);

	$of_documents += $blocks;
	cmp_ok($blocks, '>', 0, "$file has blocks of SQL") unless $file =~ m{^docs/(?:releasing|performance)\.md$};
}
cmp_ok($of_documents, '>=', 29, 'the documents have blocks of SQL');

# What quickstart.sh demo runs, in an empty database and in the directory where it does.
$node->safe_psql('postgres', 'CREATE DATABASE demo');
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('demo'), '-f', 'examples/demo.sql' ], 'examples/demo.sql runs');

$node->stop;
done_testing();
