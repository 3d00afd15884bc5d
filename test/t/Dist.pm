# What the tests of packages share: the sources as a newcomer gets them.
package Dist;

use strict;
use warnings FATAL => 'all';

use Extension;
use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(have run_in clone_sources make_dist);

# What is started here is not part of the make that runs the tests, and no repository
# or identity of the caller's is used.
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES), grep { /^GIT_/ } keys %ENV};
$ENV{GIT_CONFIG_GLOBAL} = $ENV{GIT_CONFIG_SYSTEM} = '/dev/null';

sub have
{
	my ($program) = @_;

	return scalar grep { -x "$_/$program" } split /:/, $ENV{PATH};
}

# Runs a command in a directory: whether it went well, and what it printed.
sub run_in
{
	my ($directory, @command) = @_;
	my $output = '';
	my $ok = IPC::Run::run(\@command, '<', '/dev/null', '>&', \$output,
		init => sub { chdir $directory or die "$directory: $!" });

	return ($ok, $output);
}

# A repository with all that is not ignored, committed; the tests may run in a copy of
# the sources that is none.  Its directory.
sub clone_sources
{
	my $directory = PostgreSQL::Test::Utils::tempdir();
	my $of_sources = "git --git-dir='$directory/repository' --work-tree=. -c user.name=nobody -c user.email=nobody";
	my ($ok, $output) = run_in(
		source_directory(), 'sh', '-c', qq{
		$of_sources init -q && $of_sources add . && $of_sources commit -q -m All &&
			git clone -q '$directory/repository' '$directory/clone'});

	$ok or BAIL_OUT("git: $output");
	return "$directory/clone";
}

# make dist in a clone.
sub make_dist
{
	my ($clone) = @_;

	return run_in($clone, 'make', '-s', 'dist');
}

1;
