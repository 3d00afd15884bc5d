# The SQL of README.md and of the documents in docs runs as printed: every block marked as
# sql, from top to bottom, in a database that has the tables of examples/sample_tables.sql. And so
# does the demonstration. (The other examples are regression tests.)
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

# The documents begin after \i of the sample tables, in the directory where a reader says so.
# README.md makes its extension and its models itself. The model of the sample tables is its own.
chdir $source or die "cannot change to $source: $!";
$node->safe_psql('postgres', "CREATE DATABASE $_") foreach qw(samples examples);
$node->command_ok([ 'psql', '-Xq', '-d', $node->connstr('samples'), '-c', '\i examples/sample_tables.sql' ],
	'examples/sample_tables.sql runs');
$node->safe_psql('postgres', 'CREATE DATABASE readme TEMPLATE samples');
$node->safe_psql('readme', 'DROP TABLE models; DROP EXTENSION vgae');
my ($training) = map { $_->{text} =~ /^(CREATE TABLE models .*?\bvgae_train\(.*?;[^\n]*\n)/ms }
  document_blocks('README.md', 'sql');
like(slurp_file("$source/examples/sample_tables.sql"), qr/\Q$training\E/, 'the sample model is that of README.md');

cmp_ok(run_document('readme', 'README.md'), '>=', 7, 'README.md has blocks of SQL');
my @jobs = grep { $_->{text} =~ /^-- after / } document_blocks('README.md', 'sql');
is(scalar @jobs, 5, 'README.md has five jobs');
ok(!(grep { !defined $_->{result} } @jobs), 'each with a result');

my $of_documents = 0;
foreach my $file (grep { $_ ne 'docs/neighbours.md' } map { s{^\Q$source\E/}{}r } sort glob "$source/docs/*.md")
{
	$node->safe_psql('postgres', 'DROP DATABASE IF EXISTS document');
	$node->safe_psql('postgres', 'CREATE DATABASE document TEMPLATE samples');
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
