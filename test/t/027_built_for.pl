# What make has built for one server is not installed into another one. Tried on a library of
# two small files with the Makefile of vgae.

use strict;
use warnings FATAL => 'all';

use File::Path 'make_path';
use FindBin;
use lib $FindBin::RealBin;
use Extension;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

my $source = source_directory();
my $directory = PostgreSQL::Test::Utils::tempdir();
my $tree = "$directory/tree";
my $installed = "$directory/installed";
my $pg_config = "$directory/pg_config";

chomp(my $real = `sh -c 'command -v pg_config'`);
chomp(my $headers = `'$real' --includedir-server`);
plan skip_all => 'the headers of the server are not installed' unless -e "$headers/postgres.h";

make_path("$tree/sql", "$tree/src/core/base", "$tree/src/pg/base");
system_or_bail('cp', '-r', "$source/Makefile", "$source/vgae.control", $tree);
system_or_bail('cp', '-r', "$source/sql/install", "$tree/sql");
append_to_file("$tree/src/core/base/core.c", "extern int of_core;\nint of_core;\n");
append_to_file("$tree/src/pg/base/module.c", qq(#include "postgres.h"\n#include "fmgr.h"\nPG_MODULE_MAGIC;\n));

# Another server: the same but for its version and where its libraries are.
append_to_file($pg_config, <<"END");
#!/bin/sh
case \$1 in
--version) echo PostgreSQL 99.1 ;;
--pkglibdir) echo /elsewhere ;;
*) exec '$real' "\$@" ;;
esac
END
chmod 0755, $pg_config;

# The arguments of the make that runs the tests are not for these.
delete @ENV{qw(MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL)};

# Its output and errors, and whether it succeeded
sub run_make
{
	my $output = '';
	my $ok = IPC::Run::run([ 'make', '-C', $tree, "DESTDIR=$installed", @_ ], '>', \$output, '2>&1');

	return ($output, $ok);
}

sub succeeds
{
	my ($what, @arguments) = @_;
	my ($output, $ok) = run_make(@arguments);

	ok($ok, $what) or diag $output;
	return $output;
}

sub libraries
{
	return join ' ', map { s/^\Q$installed\E//r } split /\n/, `find '$installed' -name vgae.so 2>/dev/null`;
}

chomp(my $place = `'$real' --pkglibdir`);

succeeds('make', "PG_CONFIG=$real");
unlike(succeeds('make again', "PG_CONFIG=$real"), qr/-o src/, 'builds nothing again');

my ($output, $ok) = run_make('install', "PG_CONFIG=$pg_config");
ok(!$ok, 'make install for another server is an error');
like(
	$output,
	qr/vgae was built for PostgreSQL .* in \Q$place\E, not for PostgreSQL 99\.1 in \/elsewhere: .*make clean/,
	'which names both');
is(libraries(), '', 'and installs nothing');
succeeds('make install for the same server', 'install', "PG_CONFIG=$real");
is(libraries(), "$place/vgae.so", 'installs there');

like(succeeds('make for another server', "PG_CONFIG=$pg_config"), qr/-o src.*\bmodule\.o/, 'builds anew');
succeeds('make install for that one', 'install', "PG_CONFIG=$pg_config");
is(join(' ', sort split / /, libraries()), join(' ', sort "$place/vgae.so", '/elsewhere/vgae.so'), 'installs there, too');
($output, $ok) = run_make('install', "PG_CONFIG=$real");
ok(!$ok, 'what was built for it is not installed into the first one');

succeeds('make all install does both', 'all', 'install', "PG_CONFIG=$real");
succeeds('make clean, for any server',
	'clean', "PG_CONFIG=$pg_config");
ok(!-e "$tree/built_for", 'makes the tree forget what it was built for');
succeeds('make install then builds', 'install', "PG_CONFIG=$real");

done_testing();
