#!/usr/bin/perl
#
# structure.pl: holds the sources to the order in which their folders stand, and to the
# house's limits.
#
#   structure.pl [TREE]
#
# TREE (by default the working directory) has the sources in src/ and beside each .c its
# object file, of which nm tells who calls whom, also where headers hide it. Each finding is
# a line "file:line: what; what to do instead"; the exit status is 1 if there is one. Found are
#
#   order  an include or a call that points right or up in the order below, or out of the
#          core into the server
#   cycle  files that need each other; a .c and the .h of its name are one file
#   size   a file above 400 lines, or a function above 60
#   word   a word of words.txt
#   seam   what belongs to one file elsewhere: see @seams, and fn_* that need each other

use strict;
use warnings FATAL => 'all';

use File::Basename qw(dirname);
use FindBin;
use lib $FindBin::RealBin;
use SourceTree;

use constant {
	FILE_LINES => 400,
	FUNCTION_LINES => 60,
};

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
my @findings;    # [file, line, kind, text]

sub found
{
	my ($file, $line, $kind, $what, $instead) = @_;
	push @findings, [ $file, $line, $kind, "$what; $instead" ];
	return;
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
		found($file, $line, 'order', "includes the source $name", 'include a header');
	}
	elsif ($name =~ m{^(core|pg)/})
	{
		return;    # see check_order
	}
	elsif ($mark eq '"' && -e "$directory/src/" . dirname($file) . "/$name")
	{
		found($file, $line, 'order', "includes \"$name\" by its name alone", 'write its path from src on');
	}
	elsif ($file =~ m{^core/} && ($mark eq '"' || $name =~ $server_header))
	{
		found($file, $line, 'order', "the core includes $name",
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
		found($file, 1, 'order', 'its folder is not in the order of the folders',
			'move the file, or add the folder to structure.pl and CONTRIBUTING.md')
			unless defined $left{ dirname($file) };
	}
	foreach my $unit (sort keys %$needs)
	{
		my ($from, $reasons) = (dirname($unit), $needs->{$unit});

		foreach my $other (sort grep { defined $left{$from} && !$may{$from}{ dirname($_) } } keys %$reasons)
		{
			my ($file, $line, $how) = @{ $reasons->{$other} };
			found($file, $line, 'order', "$how, but $from comes before " . dirname($other),
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

		found($steps[0][0], $steps[0][1], 'cycle',
			'a circle of ' . @steps . ' files: ' . join(', ', map { "$$_[0]:$$_[1] $$_[2]" } @steps),
			'move what both need into a file to the left of both, or pass it in');
	}
	return;
}

# ---- size

# A function begins at the line of its name: the last line before the brace in column 1 that
# begins with a name and has its parameters, and ends at the brace in column 1 that closes it.
sub check_functions
{
	my ($file) = @_;
	my @lines = split /\n/, $tree->code($file);
	my ($name, $begin, $inside);

	foreach my $i (0 .. $#lines)
	{
		my $line = $lines[$i];

		if (!$inside && $line =~ /^(?:[a-z]\w*[\s*]+)*\*?(\w+(?:\(\w+\))?)\s*\(/ && $line !~ /;\s*$|=/)
		{
			($name, $begin) = ($1, $i);
		}
		elsif ($line =~ /^\{/) { $inside = 1 }
		elsif ($line =~ /^\}/)
		{
			my $length = defined $name ? $i - $begin + 1 : 0;

			found($file, $begin + 1, 'size', "$name has $length lines, more than " . FUNCTION_LINES,
				'make functions of its parts') if $length > FUNCTION_LINES;
			$name = $inside = undef;
		}
		elsif (!$inside && $line =~ /;\s*$/) { $name = undef }
	}
	return;
}

sub check_sizes
{
	foreach my $file ($tree->files)
	{
		my $lines = () = $tree->text($file) =~ /\n/g;

		found($file, $lines, 'size', "the file has $lines lines, more than " . FILE_LINES,
			'split it by subject') if $lines > FILE_LINES;
		check_functions($file);
	}
	return;
}

# ---- word

# words.txt as a list of {word, say, in, as}.
sub read_words
{
	my $list = dirname($0) . '/words.txt';
	my @words;

	open(my $in, '<', $list) or die "$list: $!\n";
	while (<$in>)
	{
		chomp;
		if (/^\t(say|in|as) (.+)/) { $words[-1]{$1} = $2 }
		elsif (/^[^#\s]/) { push @words, { word => $_ } }
		elsif (/^\s*[^#\s]/) { die "$list:$.: neither a word nor \"say\", \"in\" or \"as\"\n" }
	}
	foreach my $word (@words)
	{
		die "$list: \"$$word{word}\" has no \"say\"\n" unless defined $$word{say};
		$$word{$_} =~ s/ /\\s+/g foreach grep { defined $$word{$_} } qw(word as);
	}
	return @words;
}

# A file's words: names taken apart, and comments without the stars of their lines.
sub words_of
{
	my ($text) = @_;

	$text =~ s/^[ \t]*\*(?!\/)/ /mg;
	$text =~ s/(?<=[a-z0-9])(?=[A-Z])/ /g;
	return lc($text =~ s/_/ /gr);
}

sub check_words
{
	my @words = read_words();

	foreach my $file ($tree->files)
	{
		my $all = words_of($tree->prose($file));

		foreach my $word (grep { !defined $$_{in} || $file !~ /^(?:$$_{in})/ } @words)
		{
			my $text = $all;

			$text =~ s/\b($$word{as})\b/SourceTree::blank($1)/ge if defined $$word{as};
			while ($text =~ /\b((?:$$word{word}))\b/g)
			{
				my $line = SourceTree::line_of($text, $-[0]);
				found($file, $line, 'word', '"' . ($1 =~ s/\s+/ /gr) . '"', "say $$word{say}");
			}
		}
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
				my $line = SourceTree::line_of($code, $-[0]);
				my $name = $1 =~ s/\s*\(.*//sr;

				found($file, $line, 'seam', "$what ($name)", $instead);
			}
		}
		foreach my $other (sort grep { m{^pg/fn/fn_} } keys %{ $needs->{ SourceTree::unit_of($file) } // {} })
		{
			my ($where, $line, $how) = @{ $needs->{ SourceTree::unit_of($file) }{$other} };
			found($file, $line, 'seam', "$how, as another function", 'move what both need into a file of its own')
				if $where eq $file && $file =~ m{^pg/fn/fn_};
		}
	}
	return;
}

# ----

check_order();
check_cycles();
check_sizes();
check_words();
check_seams();

my %count;
foreach (sort { $$a[0] cmp $$b[0] || $$a[1] <=> $$b[1] || $$a[3] cmp $$b[3] } @findings)
{
	print "src/$$_[0]:$$_[1]: $$_[3]\n";
	$count{ $$_[2] }++;
}
print 'findings by structure: ' . join(', ', map { "$count{$_} $_" } sort keys %count) . "\n" if @findings;
exit(@findings > 0);
