# The sizes of files and functions.
#
#   Sizes::too_large($file)    a list of [line, what is too large, what to do instead]
#
# Functions of C, Perl, Python and the shell are found by the layout of the house, and a
# macro of C counts as one.

package Sizes;

use strict;
use warnings FATAL => 'all';

use constant {
	FILE_LINES => 400,
	FUNCTION_LINES => 60,
};

my %functions = (c => \&c_functions, perl => \&perl_functions, python => \&python_functions,
	shell => \&shell_functions);

sub too_large
{
	my ($file) = @_;
	my $functions = $functions{ $file->language } or return;
	my $lines = () = $file->text =~ /\n/g;
	my @findings;

	push @findings, [ $lines, "the file has $lines lines, more than " . FILE_LINES, 'split it by subject' ]
		if $lines > FILE_LINES;
	foreach ($functions->($file))
	{
		my ($name, $begin, $length) = @$_;
		push @findings, [ $begin, "$name has $length lines, more than " . FUNCTION_LINES,
			'make functions of its parts' ] if $length > FUNCTION_LINES;
	}
	return @findings;
}

# Each returns a list of [name, line of its beginning, lines].

# A function begins at the line of its name: the last line before the brace in column 1, or
# at the end of its head, that begins with a name and has its parameters. It ends at the
# brace in column 1 that closes it.
sub c_functions
{
	my ($file) = @_;
	my @lines = split /\n/, $file->code;
	my ($name, $begin, $inside, @functions);

	foreach my $i (0 .. $#lines)
	{
		my $line = $lines[$i];

		if (!$inside && $line =~ /^(?:[A-Za-z_]\w*[\s*]+)*\*?(\w+(?:\(\w+\))?)\s*\(/ && $line !~ /;\s*$|=/)
		{
			($name, $begin) = ($1, $i);
			$inside = 1 if $line =~ /\{[^}]*$/;
		}
		elsif ($line =~ /^\{/ || (!$inside && defined $name && $line =~ /\)\s*\{[^}]*$/)) { $inside = 1 }
		elsif ($line =~ /^\}/)
		{
			push @functions, [ $name, $begin + 1, $i - $begin + 1 ] if defined $name;
			$name = $inside = undef;
		}
		elsif (!$inside && $line =~ /;\s*$/) { $name = undef }
	}
	return (@functions, c_macros($file));
}

sub c_macros
{
	my ($file) = @_;
	my $code = $file->code;
	my @macros;

	while ($code =~ /^[ \t]*#[ \t]*define[ \t]+(\w+)((?:[^\n]*\\\n)*)/mg)
	{
		my $begin = TextFile::line_of($code, $-[0]);
		push @macros, [ $1, $begin, 1 + ($2 =~ tr/\n//) ];
	}
	return @macros;
}

sub perl_functions
{
	my ($file) = @_;
	return braced($file, qr/^sub (\w+)/);
}

sub shell_functions
{
	my ($file) = @_;
	return braced($file, qr/^(\w+) ?\(\)/);
}

# What begins at a line with its name and ends at a brace in column 1.
sub braced
{
	my ($file, $head) = @_;
	my @lines = split /\n/, $file->text;
	my ($name, $begin, @functions);

	foreach my $i (0 .. $#lines)
	{
		if ($lines[$i] =~ $head) { ($name, $begin) = ($1, $i) }
		next unless defined $name && $lines[$i] =~ /^\}|$head.*\}$/;
		push @functions, [ $name, $begin + 1, $i - $begin + 1 ];
		$name = undef;
	}
	return @functions;
}

# What is indented further than its "def", blank lines at the end aside.
sub python_functions
{
	my ($file) = @_;
	my @lines = split /\n/, $file->text;
	my @functions;

	foreach my $begin (grep { $lines[$_] =~ /^\s*(?:async )?def / } 0 .. $#lines)
	{
		my ($indent, $name) = $lines[$begin] =~ /^(\s*)(?:async )?def (\w+)/;
		my $end = $begin;

		foreach my $i ($begin + 1 .. $#lines)
		{
			next if $lines[$i] =~ /^\s*$/;
			last if $lines[$i] !~ /^$indent(?:\s|\))/;
			$end = $i;
		}
		push @functions, [ $name, $begin + 1, $end - $begin + 1 ];
	}
	return @functions;
}

1;
