# The install script is put together of parts: each topic has one, as it has a file of C
# and one of tests, and the arguments of a training are the same in SQL and in C.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Extension;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = source_directory();

# ---- Topics

# What a pattern finds in the names of files.
sub names
{
	my ($files, $pattern) = @_;

	return join ' ', sort map { /$pattern/ ? $1 : () } glob("$top/$files");
}

my $topics = names('src/pg/fn/fn_*.c', qr{/fn_(\w+)\.c$});
my @other_parts = qw(head comments);

is(names('test/sql/fn_*.sql', qr{/fn_(\w+)\.sql$}), $topics, 'every topic of C has a file of tests');
is( names('sql/install/*.sql', qr{/\d\d-(\w+)\.sql$}),
	join(' ', sort split(/ /, $topics), @other_parts), 'and a part of the install script');

my @parts = sort glob("$top/sql/install/*.sql");
like($parts[0], qr{/00-head\.sql$}, 'the head comes first');
like($parts[-1], qr{/\d\d-comments\.sql$}, 'and comments are copied last');

# ---- The arguments of a training

my @in_sql = map { [ /^(\w+) (\S+) DEFAULT (.+)$/ ] } split /\n/, slurp_file("$top/sql/install/training_arguments.txt");
my ($table) = slurp_file("$top/src/pg/fn/training_arguments.c") =~ /arguments\[\] = \{\n(.*?)^\};/ms;
my @in_c = map { [ /^\t\{"(\w+)", (true|false), / ] } split /\n/, $table;

cmp_ok(scalar @in_sql, '>', 20, 'arguments were found');
is(join(' ', map { $_->[0] } @in_c), join(' ', map { $_->[0] } @in_sql), 'C has the arguments of SQL, in this order');
is( join(' ', map { $_->[0] } grep { $_->[1] eq 'true' } @in_c),
	join(' ', map { $_->[0] } grep { $_->[2] eq 'NULL' } @in_sql),
	'those that may be NULL are NULL by default');

my $script = slurp_file(install_script());
my $list = join ",\n", map { "\t$_->[0] $_->[1] DEFAULT $_->[2]" } @in_sql;
my $types = join ', ', map { $_->[1] } @in_sql;

# What vgae_train_into has after them
my %last = (vgae_train_into => { list => ",\n\twarm_start_from text DEFAULT NULL", types => ', text' });

foreach my $function (qw(FUNCTION.vgae_train FUNCTION.vgae_estimate PROCEDURE.vgae_train_into))
{
	my ($kind, $name) = split /\./, $function;
	my $all = $list . ($last{$name}{list} // '');
	my $all_types = $types . ($last{$name}{types} // '');

	like($script, qr/^CREATE $kind $name\([^()]*\n\Q$all\E\n\)/m, "$name has them");
	like($script, qr/^COMMENT ON $kind $name\([^()]*\Q$all_types\E\) IS$/m, "and so has the comment on $name");
}
unlike($script, qr/@\w+@/, 'nothing is left to replace');

# ---- The version, which stands in vgae.control

my $version = default_version();
my @with_version = grep { slurp_file($_) =~ /\b\Q$version\E\b/ }
  "$top/Makefile", glob("$top/sql/install/* $top/src/*/*/*.[ch] $top/test/sql/*.sql");

is("@with_version", '', 'no part, source or test repeats the version');

done_testing();
