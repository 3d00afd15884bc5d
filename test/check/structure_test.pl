#!/usr/bin/perl
#
# structure_test.pl: structure.pl sees each kind of finding in a tree that is made up for it,
# and none in one that keeps to the order.

use strict;
use warnings FATAL => 'all';

use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

# The path of a file: those of core/ and pg/ are in src/.
sub path_of
{
	my ($file) = @_;
	return $file =~ m{^(?:core|pg)/} ? "src/$file" : $file;
}

# Compiles a tree of the files, each a name and its text, and returns what structure.pl says
# of it and its exit status.
sub findings
{
	my (%files) = @_;
	my $tree = tempdir(CLEANUP => 1);

	foreach my $file (sort keys %files)
	{
		my $path = "$tree/" . path_of($file);

		make_path(dirname($path));
		open(my $out, '>', $path) or die "$file: $!";
		print $out $files{$file};
		close $out or die "$file: $!";
	}
	foreach my $file (grep { m{^(?:core|pg)/.*\.c$} } sort keys %files)
	{
		my $object = "$tree/src/$file" =~ s/\.c$/.o/r;
		system($ENV{CC} // 'cc', '-w', '-c', "-I$tree/src", "-I$tree/server", '-o', $object, "$tree/src/$file") == 0
		  or die "$file does not compile";
	}
	my $said = `'$^X' '$FindBin::RealBin/structure.pl' '$tree' 2>&1`;
	return ($said, $? >> 8);
}

# structure.pl says exactly the lines of a tree, each as [where, what], and their count.
sub sees
{
	my ($name, $files, $count, @wanted) = @_;
	my ($said, $status) = findings(%$files);
	my @lines = map { path_of($$_[0]) . ": $$_[1]\n" } @wanted;

	is($said, join('', @lines, $count ? "findings by structure: $count\n" : ()), $name);
	is($status, $count ? 1 : 0, "$name: exit status");
	return;
}

# A function of $lines lines, from its name to its last brace.
sub function
{
	my ($name, $lines) = @_;
	return "int\n$name(int x)\n{\n" . "\tx++;\n" x ($lines - 4) . "\treturn x;\n}\n";
}

my $pass = 'move what is needed to the left, or pass it in';
my $part = 'move what both need into a file to the left of both, or pass it in';
my $core = 'the core knows nothing of PostgreSQL: pass what is needed as an argument or through GaeEnv';
my $capability = 'ask what it can do: gae_has_links() and others of core/nn';

sees('a tree in order', {
	'core/base/env.h' => "int gae_env(int);\n",
	'core/base/env.c' => qq{#include "core/base/env.h"\n#include <math.h>\n} . function('gae_env', 60),
	'core/base/threads.c' => "/* Bytes of stack for\n * pthread_attr_setstacksize(); no such\n * limit */\nint WORKER_STACK_BYTES;\n",
	'core/nn/link_factors.h' => "#define gae_factor(latent_dim) ((latent_dim) / 2)\n#define gae_kind GAE_MODEL_AE\n",
	'core/linalg/openblas.c' => "void cblas_sgemm(void);\nvoid gae_matmul(void) { cblas_sgemm(); }\n",
	'core/search/topk.c' => qq{#include "core/base/env.h"\nint gae_topk(void) { return gae_env(1); }\n},
	'core/plot/panel.h' => "struct GaePanel { int width; };\n",
	'pg/base/compat.h' => "#if PG_VERSION_NUM < 150000\n#endif\n",
	'pg/base/result.c' => "void heap_form_tuple(void);\nvoid result(void) { heap_form_tuple(); }\n",
	'pg/input/query_input.c' => "void SPI_connect(void);\nvoid query(void) { SPI_connect(); }\n",
	'pg/fn/fn_a.c' => qq{/* SPI_connect() is for others. */\nchar *say = "so many PG_VERSION_NUM";\n},
	'pg/train/warm_start.h' => "#define vgae_same (former->kind != config->kind && column->kind == VGAE_FEATURE_COLUMN_ARRAY)\n",
	'test/t/a.pl' => "# A test\nsub short\n{\n" . "\tdo_much();\n" x 56 . "}\nlike('so many', qr/a/);\n",
	'test/unit/build/a.c' => function('made', 61),
	'test/data/a.txt' => "so many\n" x 401,
	'docs/a.md' => "Such a page:\n\n```sql\nSELECT so_many;\n```\n" . "line\n" x 400,
	'pg/fn/lines.h' => "extern int line;\n" x 400,
}, '');

sees('order of includes', {
	'core/base/a.c' => qq{\n#include "env.h"\n#include "core/graph/graph.h"\n},
	'core/base/b.c' => qq{#include "pg/base/env_pg.h"\n},
	'core/base/c.h' => qq{#include "postgres.h"\n#include <utils/rel.h>\n#include <utime.h>\n},
	'core/base/d.h' => qq{#include "core/base/a.c"\n},
	'core/base/env.h' => '',
	'core/graph/graph.h' => '',
	'core/other/a.h' => '',
	'core/search/a.h' => qq{#include "core/train/a.h"\n},
	'core/train/a.h' => '',
	'pg/base/env_pg.h' => '',
	'pg/input/a.h' => '',
	'pg/keys/a.h' => qq{#include "postgres.h"\n#include "pg/base/env_pg.h"\n#include "pg/input/a.h"\n},
}, '9 order',
	[ 'core/base/a.c:2', 'includes "env.h" by its name alone; write its path from src on' ],
	[ 'core/base/a.c:3', "includes core/graph/graph.h, but core/base comes before core/graph; $pass" ],
	[ 'core/base/b.c:1', "includes pg/base/env_pg.h, but core/base comes before pg/base; $pass" ],
	[ 'core/base/c.h:1', "the core includes postgres.h; $core" ],
	[ 'core/base/c.h:2', "the core includes utils/rel.h; $core" ],
	[ 'core/base/d.h:1', 'includes the source core/base/a.c; include a header' ],
	[ 'core/other/a.h:1', 'its folder is not in the order of the folders;'
		. ' move the file, or add the folder to structure.pl and CONTRIBUTING.md' ],
	[ 'core/search/a.h:1', "includes core/train/a.h, but core/search comes before core/train; $pass" ],
	[ 'pg/keys/a.h:3', "includes pg/input/a.h, but pg/keys comes before pg/input; $pass" ]);

sees('order of calls', {
	'core/base/a.c' => "int gae_layers;\nint a(void) { return gae_layers + b(); }\n" =~ s/^int/extern int/r,
	'core/nn/b.c' => "int gae_layers = 1;\nint b(void) { return 0; }\n",
}, '1 order',
	[ 'core/base/a.c:2', "uses b of core/nn/b, but core/base comes before core/nn; $pass" ]);

sees('cycles', {
	'core/base/a.h' => qq{#include "core/base/b.h"\n},
	'core/base/b.h' => '',
	'core/base/b.c' => qq{#include "core/base/b.h"\n#include "core/base/a.h"\n},
	# Both include the same header, which hides that they call each other.
	'core/nn/both.h' => "int c(void);\nint d(void);\n",
	'core/nn/c.c' => qq{#include "core/nn/both.h"\n\nint c(void) { return d(); }\n},
	'core/nn/d.c' => qq{#include "core/nn/both.h"\n/* d() calls c() */\nint d(void) { return c(); }\n},
	'pg/fn/e.c' => "int f(void);\nint e(void) { return f(); }\n",
	'pg/fn/f.c' => "int g(void);\nint f(void) { return g(); }\n",
	'pg/fn/g.c' => "int e(void);\nint g(void) { return e(); }\n",
}, '3 cycle',
	[ 'core/base/a.h:1', 'a circle of 2 files: core/base/a.h:1 includes core/base/b.h,'
		. " core/base/b.c:2 includes core/base/a.h; $part" ],
	[ 'core/nn/c.c:3', 'a circle of 2 files: core/nn/c.c:3 uses d of core/nn/d,'
		. " core/nn/d.c:3 uses c of core/nn/c; $part" ],
	[ 'pg/fn/e.c:1', 'a circle of 3 files: pg/fn/e.c:1 uses f of pg/fn/f, pg/fn/f.c:1 uses g of pg/fn/g,'
		. " pg/fn/g.c:1 uses e of pg/fn/e; $part" ]);

sees('sizes', {
	'core/base/long.h' => "extern int line;\n" x 401,
	'core/base/functions.c' => function('short_one', 60) . "static " . function('long_one', 61)
		. "static const int table[] = {\n" . "\t1,\n" x 70 . "};\n#define KERNEL(name) gae_ ## name\n"
		. function('KERNEL(scores) ', 62),
}, '3 size',
	[ 'core/base/functions.c:63', 'long_one has 61 lines, more than 60; make functions of its parts' ],
	[ 'core/base/functions.c:198', 'KERNEL(scores) has 62 lines, more than 60; make functions of its parts' ],
	[ 'core/base/long.h:401', 'the file has 401 lines, more than 400; split it by subject' ]);

my $parts = 'make functions of its parts';

sees('sizes of other layouts', {
	'core/base/macro.h' => '#define MACRO(x)' . " \\\n\tx" x 60 . "\n#define SHORT(x)" . " \\\n\tx" x 59 . "\n",
	'core/base/head.c' => "static int short_one(int x) { return x; }\nstruct GaePoint *long_one(int x,\n\tint y) {\n"
		. "\tx++;\n" x 58 . "}\n" . "int brace(int x) {\n" . "\tx++;\n" x 59 . "}\n",
	'quickstart.sh' => "run() {\n" . "\ttrue\n" x 59 . "}\nsay() { echo; }\n" . "true\n" x 340,
	'test/check/a.pm' => "sub short { return 1 }\nsub long\n{\n" . "\tprint;\n" x 58 . "}\n" . "sub same {\n" . "\tprint;\n" x 58 . "}\n",
	'test/bench/a.py' => "class A:\n    def long(self):\n" . "        pass\n" x 30 . "\n" . "        pass\n" x 29
		. "\n    def short(self):\n" . "        pass\n" x 59,
	'test/unit/a.c' => function('test_a', 61),
	'test/t/a.pl' => "print;\n" x 401,
	'test/fuzz/a.h' => "extern int line;\n" x 401,
}, '10 size',
	[ 'quickstart.sh:1', "run has 61 lines, more than 60; $parts" ],
	[ 'quickstart.sh:402', 'the file has 402 lines, more than 400; split it by subject' ],
	[ 'core/base/head.c:2', "long_one has 61 lines, more than 60; $parts" ],
	[ 'core/base/head.c:63', "brace has 61 lines, more than 60; $parts" ],
	[ 'core/base/macro.h:1', "MACRO has 61 lines, more than 60; $parts" ],
	[ 'test/bench/a.py:2', "long has 61 lines, more than 60; $parts" ],
	[ 'test/check/a.pm:2', "long has 61 lines, more than 60; $parts" ],
	[ 'test/fuzz/a.h:401', 'the file has 401 lines, more than 400; split it by subject' ],
	[ 'test/t/a.pl:401', 'the file has 401 lines, more than 400; split it by subject' ],
	[ 'test/unit/a.c:2', "test_a has 61 lines, more than 60; $parts" ]);

my $count = 'say the name of the variable or constant that counts, with its unit';

sees('words of tests, SQL and documents', {
	'core/base/a.h' => '',
	'README.md' => "The pair\nlist of so many, such as these.\n",
	'docs/a.md' => "A sweep\n",
	'sql/install/a.sql' => "-- So\n-- many\nCOMMENT ON FUNCTION f IS \$\$That many\$\$;\nSELECT 'so many';\n",
	'test/unit/a.c' => "int pair_tile; /* that\n * much */\n",
	'test/t/a.pl' => "# So\n# many\nis(1, 1, 'so many');\n",
	'test/bench/a.py' => "\"\"\"So many nodes\"\"\"\nprint(\"so many\")\n# such a node\n",
	'test/sql/a.sql' => "/* such an index */\n",
}, '11 word',
	[ 'README.md:1', '"pair list"; say sparse pair loss' ],
	[ 'README.md:2', "\"so many\"; $count" ],
	[ 'docs/a.md:1', '"sweep"; say maximum-inner-product search (mips) or, of a loop, pass' ],
	[ 'sql/install/a.sql:1', "\"so many\"; $count" ],
	[ 'sql/install/a.sql:3', "\"that many\"; $count" ],
	[ 'test/bench/a.py:1', "\"so many\"; $count" ],
	[ 'test/bench/a.py:3', '"such"; say the noun again, with what is special about it' ],
	[ 'test/sql/a.sql:1', '"such"; say the noun again, with what is special about it' ],
	[ 'test/t/a.pl:1', "\"so many\"; $count" ],
	[ 'test/unit/a.c:1', '"pair tile"; say dense pair loss or, of its square blocks of pairs, loss tile' ],
	[ 'test/unit/a.c:1', "\"that much\"; $count" ]);

sees('words', {
	'core/nn/a.h' => "struct GaeStack { int first_panel; };\n/* So\n * many pair tiles; such as this. */\n",
	'core/nn/b.h' => "/* Sweep */\nextern int PAIR_LIST;\n/* such a block, of that many\n * pair-lists */\n",
	'core/nn/c.h' => "void gae_dense_multiply(void);\nstruct GaePairlist *pg_dense;\n",
}, '12 word',
	[ 'core/nn/a.h:1', '"panel"; say block or, of norm bounds, query block or node block' ],
	[ 'core/nn/a.h:1', '"stack"; say layers or encoder' ],
	[ 'core/nn/a.h:2', '"so many"; say the name of the variable or constant that counts, with its unit' ],
	[ 'core/nn/a.h:3', '"pair tiles"; say dense pair loss or, of its square blocks of pairs, loss tile' ],
	[ 'core/nn/b.h:1', '"sweep"; say maximum-inner-product search (mips) or, of a loop, pass' ],
	[ 'core/nn/b.h:2', '"pair list"; say sparse pair loss' ],
	[ 'core/nn/b.h:3', '"such"; say the noun again, with what is special about it' ],
	[ 'core/nn/b.h:3', '"that many"; say the name of the variable or constant that counts, with its unit' ],
	[ 'core/nn/b.h:4', '"pair-lists"; say sparse pair loss' ],
	[ 'core/nn/c.h:1', '"dense multiply"; say matmul' ],
	[ 'core/nn/c.h:2', '"pairlist"; say sparse pair loss' ],
	[ 'core/nn/c.h:2', '"pg dense"; say openblas' ]);

sees('seams', {
	'core/graph/a.h' => "#include <cblas.h>\n",
	'pg/base/module.h' => "#if PG_VERSION_NUM > 170000\n#endif\n",
	'pg/fn/fn_a.c' => "int fn_b(void);\n\nint fn_a(void)\n{\n\tSPI_connect();\n\treturn fn_b();\n}\n",
	'pg/fn/fn_b.c' => "int fn_b(void) { tuplestore_puttupleslot(); return 0; }\n",
	'pg/model/a.c' => "void a(int status, char *hint)\n{\n\tereport(20,\n\t\t\terrmsg(hint), status);\n}\n",
	'pg/model/b.h' => "#define vgae_a (config->kind == GAE_MODEL_VGAE)\n#define vgae_b (model.kind > 1)\n"
		. "#define vgae_c (config->latent_dim / 2)\n",
}, '10 seam',
	[ 'core/graph/a.h:1', 'calls BLAS or LAPACK (<cblas.h>); call gae_matmul() and others of core/linalg' ],
	[ 'pg/base/module.h:1', "asks for the server's version (PG_VERSION_NUM); give it a name in pg/base/compat.h" ],
	[ 'pg/fn/fn_a.c:1', 'uses fn_b of pg/fn/fn_b, as another function; move what both need into a file of its own' ],
	[ 'pg/fn/fn_a.c:5', 'runs SQL (SPI_connect); read through pg/input/query_input' ],
	[ 'pg/fn/fn_b.c:1', 'forms tuples (tuplestore_puttupleslot); return rows through pg/base/result' ],
	[ 'pg/model/a.c:3', 'turns a status of the core into an error (ereport); call vgae_check()' ],
	[ 'pg/model/b.h:1', "asks which kind a model is (GAE_MODEL_VGAE); $capability" ],
	[ 'pg/model/b.h:1', "asks which kind a model is (kind ==); $capability" ],
	[ 'pg/model/b.h:2', "asks which kind a model is (kind >); $capability" ],
	[ 'pg/model/b.h:3', 'knows how factors share a latent (latent_dim / 2); ask core/nn/link_factors.h' ]);

like((findings('core/base/a.h' => "int x;\n"))[0], qr/^$/, 'a tree of headers needs no objects');

done_testing();
