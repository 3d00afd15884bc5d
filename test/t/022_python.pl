# The document's blocks of Python run as printed, one after another, and do what it says.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Document;
use File::Temp;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use VgaeTest;

# Debian's modules belong to its own Python.
my $modules = 'psycopg, psycopg2, numpy, pandas, sqlalchemy';
my ($python) = grep { system("$_ -c 'import $modules' 2>/dev/null") == 0 } 'python3', '/usr/bin/python3';

plan skip_all => "no Python with the modules $modules (Debian: python3-psycopg and so on)" unless $python;

my $node = start_node('python');

create_graphs($node);
run_blocks($node, code_blocks('docs/neighbours.md', undef, 'sql'));

my $directory = File::Temp::tempdir(CLEANUP => 1);
my @files;
foreach my $block (code_blocks('docs/neighbours.md', 'Python', 'python'))
{
	push @files, sprintf('%s/block_%02d.py', $directory, scalar @files);
	append_to_file($files[-1], $block);
}

my ($printed, $errors) = ('', '');
my $finished;
{
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	$finished = IPC::Run::run([ $python, "$FindBin::RealBin/check_python.py", @files ],
		'>', \$printed, '2>', \$errors,
		init => sub { chdir $directory or die "no directory $directory" },
		IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
}
ok($finished, 'the blocks and the checks run to their end') or diag($errors);
ok($1 eq 'ok', $2) while $printed =~ /^(ok|not ok) - (.*)$/gm;

$node->stop;
done_testing();
