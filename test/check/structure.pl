#!/usr/bin/perl
#
# structure.pl: holds the sources to the order in which their folders stand, and them, the
# tests and the documents to the house's limits.
#
#   structure.pl [TREE]
#
# TREE (by default the working directory) has the sources in src/ and beside each .c its
# object file, of which nm tells who calls whom, also where headers hide it. Each finding is
# a line "file:line: what; what to do instead"; the exit status is 1 if there is one.
#
# Found are in src/
#
#   order  an include or a call that points right or up in the order below, or out of the
#          core into the server
#   cycle  files that need each other; a .c and the .h of its name are one file
#   seam   what belongs to one file elsewhere: see @seams, and fn_* that need each other
#
# and in the files of TextFile.pm
#
#   size   a file above 400 lines, or a function above 60: see Sizes.pm
#   word   a word of words.txt: see Words.pm

use strict;
use warnings FATAL => 'all';

use File::Basename qw(dirname);
use FindBin;
use lib $FindBin::RealBin;
use Sizes;
use SourceTree;
use TextFile;
use Words;

# Each folder beside those that it may include from; these bring theirs with them.
my %left = (
	'core/base' => [],
	'core/linalg' => ['core/base'],
	'core/graph' => ['core/linalg'],
	'core/features' => ['core/graph'],
	'core/nn' => ['core/features'],
	'core/model' => ['core/nn'],
	'core/infer' => ['core/model'],
	'core/train' => ['core/infer'],
	'core/part' => ['core/infer'],
	'core/search' => ['core/infer'],
	'core/plot' => ['core/model'],
	'pg/base' => [ 'core/train', 'core/part', 'core/search', 'core/plot' ],
	'pg/keys' => ['pg/base'],
	'pg/input' => ['pg/keys'],
	'pg/model' => ['pg/input'],
	'pg/train' => ['pg/model'],
	'pg/fn' => ['pg/train']);

# Code that only some files may have: what it is, where it may stand, what to do elsewhere.
# compat.h has to write anew what an older server lacks.
my @seams = (
	[ qr/\bSPI_\w+/, qr{^pg/(input/query_input|train/distributed|base/compat)\.},
		'runs SQL', 'read through pg/input/query_input' ],
	[ qr/\bcblas_\w+|\bCBLAS_\w+|<cblas\.h>|\bLAPACKE?_\w+/, qr{^core/linalg/},
		'calls BLAS or LAPACK', 'call gae_matmul() and others of core/linalg' ],
	[ qr/\bPG_VERSION_NUM\b/, qr{^pg/base/compat\.h$},
		"asks for the server's version", 'give it a name in pg/base/compat.h' ],
	[ qr/\bereport\s*\([^;]*?\b(?:error(?:\.|->)(?:message|detail|hint)|status\b)/,
		qr{^pg/base/env_pg\.}, 'turns a status of the core into an error', 'call vgae_check()' ],
	[ qr/\bGAE_MODEL_(?:AE|VAE|GAE|VGAE)\b|\bkind\s*(?:[=!<>]=|[<>])(?!\s*(?:NULL\b|\w+(?:->|\.)kind\b|VGAE_FEATURE_))/,
		qr{^core/nn/}, 'asks which kind a model is', 'ask what it can do: gae_has_links() and others of core/nn' ],
	[ qr{\blatent_dim\s*(?:/|>>)\s*\w+}, qr{^core/nn/link_factors}, 'knows how factors share a latent',
		'ask core/nn/link_factors.h' ],
	[ qr/\bheap_form_\w+|\btuplestore_\w+/, qr{^pg/base/(result|compat)\.},
		'forms tuples', 'return rows through pg/base/result' ]);

my $server_header = qr{^(?:postgres(?:_fe|_ext)?|pg_config\w*|c|fmgr|funcapi|miscadmin|pgstat|libpq-fe|plpgsql)\.h$
	|^(?:access|catalog|commands|common|executor|lib|libpq|mb|nodes|optimizer|parser|port|postmaster
		|replication|rewrite|server|statistics|storage|tcop|tsearch|utils)/}x;

my $directory = shift // '.';
my $tree = SourceTree->new($directory);
my $needs = $tree->needs;
my @findings;    # [path, line, kind, text]

sub found
{
	my ($path, $line, $kind, $what, $instead) = @_;
	push @findings, [ $path, $line, $kind, "$what; $instead" ];
	return;
}

sub found_in_src
{
	my ($file, @finding) = @_;
	return found("src/$file", @finding);
}

# ---- order

# The folders that may be included from one, itself among them.
sub reach
{
	my ($folder) = @_;
	return map { $_ => 1 } $folder, map { %{ { reach($_) } } } @{ $left{$folder} };
}

sub check_include
{
	my ($file, $line, $name, $mark) = @_;

	if ($name =~ /\.c$/)
	{
		found_in_src($file, $line, 'order', "includes the source $name", 'include a header');
	}
	elsif ($name =~ m{^(core|pg)/})
	{
		return;    # see check_order
	}
	elsif ($mark eq '"' && -e "$directory/src/" . dirname($file) . "/$name")
	{
		found_in_src($file, $line, 'order', "includes \"$name\" by its name alone", 'write its path from src on');
	}
	elsif ($file =~ m{^core/} && ($mark eq '"' || $name =~ $server_header))
	{
		found_in_src($file, $line, 'order', "the core includes $name",
			'the core knows nothing of PostgreSQL: pass what is needed as an argument or through GaeEnv');
	}
	return;
}

sub check_order
{
	my %may = map { $_ => { reach($_) } } keys %left;

	foreach my $file ($tree->files)
	{
		check_include($file, @$_) foreach $tree->includes($file);
		found_in_src($file, 1, 'order', 'its folder is not in the order of the folders',
			'move the file, or add the folder to structure.pl and CONTRIBUTING.md')
			unless defined $left{ dirname($file) };
	}
	foreach my $unit (sort keys %$needs)
	{
		my ($from, $reasons) = (dirname($unit), $needs->{$unit});

		foreach my $other (sort grep { defined $left{$from} && !$may{$from}{ dirname($_) } } keys %$reasons)
		{
			my ($file, $line, $how) = @{ $reasons->{$other} };
			found_in_src($file, $line, 'order', "$how, but $from comes before " . dirname($other),
				'move what is needed to the left, or pass it in');
		}
	}
	return;
}

# ---- cycle

# The shortest way from a unit back to itself.
sub cycle_of
{
	my ($start) = @_;
	my (%before, @next);

	@next = ($start);
	while (defined(my $unit = shift @next))
	{
		foreach my $other (sort keys %{ $needs->{$unit} // {} })
		{
			next if defined $before{$other};
			$before{$other} = $unit;
			push @next, $other;
		}
		last if defined $before{$start};
	}
	return unless defined $before{$start};
	my @way = ($start);
	unshift @way, $before{ $way[0] } while @way == 1 || $way[0] ne $start;
	return @way;
}

sub check_cycles
{
	my %seen;

	foreach my $unit (sort keys %$needs)
	{
		my @way = cycle_of($unit);
		next if @way == 0 || $seen{ join ' ', sort @way[ 1 .. $#way ] }++;
		my @steps = map { $needs->{ $way[$_] }{ $way[ $_ + 1 ] } } 0 .. $#way - 1;

		found_in_src($steps[0][0], $steps[0][1], 'cycle',
			'a circle of ' . @steps . ' files: ' . join(', ', map { "$$_[0]:$$_[1] $$_[2]" } @steps),
			'move what both need into a file to the left of both, or pass it in');
	}
	return;
}

# ---- size and word

sub check_texts
{
	my @words = Words::load("$FindBin::RealBin/words.txt");

	foreach my $file (TextFile::list($directory))
	{
		found($file->path, $$_[0], 'size', $$_[1], $$_[2]) foreach Sizes::too_large($file);
		found($file->path, $$_[0], 'word', "\"$$_[1]\"", "say $$_[2]") foreach Words::found($file, @words);
	}
	return;
}

# ---- seam

sub check_seams
{
	foreach my $file ($tree->files)
	{
		my $code = $tree->code($file);

		foreach my $seam (grep { $file !~ $$_[1] } @seams)
		{
			my ($pattern, undef, $what, $instead) = @$seam;

			while ($code =~ /($pattern)/g)
			{
				my $line = TextFile::line_of($code, $-[0]);
				my $name = $1 =~ s/\s*\(.*//sr;

				found_in_src($file, $line, 'seam', "$what ($name)", $instead);
			}
		}
		foreach my $other (sort grep { m{^pg/fn/fn_} } keys %{ $needs->{ SourceTree::unit_of($file) } // {} })
		{
			my ($where, $line, $how) = @{ $needs->{ SourceTree::unit_of($file) }{$other} };
			found_in_src($file, $line, 'seam', "$how, as another function", 'move what both need into a file of its own')
				if $where eq $file && $file =~ m{^pg/fn/fn_};
		}
	}
	return;
}

# ----

check_order();
check_cycles();
check_texts();
check_seams();

my %count;
foreach (sort { $$a[0] cmp $$b[0] || $$a[1] <=> $$b[1] || $$a[3] cmp $$b[3] } @findings)
{
	print "$$_[0]:$$_[1]: $$_[3]\n";
	$count{ $$_[2] }++;
}
print 'findings by structure: ' . join(', ', map { "$count{$_} $_" } sort keys %count) . "\n" if @findings;
exit(@findings > 0);
