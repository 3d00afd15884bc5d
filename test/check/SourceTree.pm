# The sources of a tree as structure.pl looks at them: their text with and without comments,
# and which of them need each other.
#
#   my $tree = SourceTree->new($directory);
#   $tree->files              paths of the .c and .h below src/, from there on
#   $tree->text($file)        its text as it is
#   $tree->code($file)        without comments, and strings empty
#   $tree->includes($file)    a list of [line, name, '"' or '<']
#   $tree->needs              unit => { unit => [file, line, how] }
#
# A .c and the .h of its name are one unit, named by their path without the ending. A unit
# needs another one if it includes its header or, by the object file beside the .c, uses a
# function or variable that the other one defines: also where a header of neither declares it.

package SourceTree;

use strict;
use warnings FATAL => 'all';

use File::Find;
use TextFile;

sub new
{
	my ($class, $directory) = @_;
	my $self = bless { src => "$directory/src", files => [], needs => {} }, $class;

	find({ no_chdir => 1, wanted => sub { push @{ $self->{files} }, s{^\Q$self->{src}\E/}{}r if /\.[ch]$/ } },
		$self->{src});
	$self->{files} = [ sort @{ $self->{files} } ];
	$self->read_file($_) foreach $self->files;
	foreach my $file ($self->files)
	{
		foreach ($self->includes($file))
		{
			my ($line, $name) = @$_;
			$self->need($file, $line, unit_of($name), "includes $name") if $name =~ m{^(core|pg)/};
		}
	}
	$self->read_calls;
	return $self;
}

sub files { return @{ $_[0]{files} } }

sub text { return $_[0]{file}{ $_[1] }->text }

sub code { return $_[0]{file}{ $_[1] }->code }

sub needs { return $_[0]{needs} }

sub unit_of { return $_[0] =~ s/\.[ch]$//r }

sub read_file
{
	my ($self, $file) = @_;
	$self->{file}{$file} = TextFile->new($self->{src}, $file);
	return;
}

sub includes
{
	my ($self, $file) = @_;
	my ($line, @includes) = (0);

	foreach (split /\n/, $self->text($file))
	{
		$line++;
		push @includes, [ $line, $2, $1 ] if /^\s*#\s*include\s*(["<])([^">]+)[">]/;
	}
	return @includes;
}

# Notes that a file needs a unit, unless that is known already.
sub need
{
	my ($self, $file, $line, $unit, $how) = @_;
	my $from = unit_of($file);

	$self->{needs}{$from}{$unit} //= [ $file, $line, $how ] if $from ne $unit;
	return;
}

# Symbols that one object file lacks and another one defines.
sub read_calls
{
	my ($self) = @_;
	my @sources = grep { /\.c$/ } $self->files;
	my (%defined_in, @undefined);

	foreach my $file (@sources)
	{
		my $object = "$self->{src}/" . unit_of($file) . '.o';
		-e $object or die "there is no $object: build first\n";
	}
	return unless @sources;
	open(my $nm, '-|', 'nm', '-A', '-P', map { "$self->{src}/" . unit_of($_) . '.o' } @sources)
	  or die "nm: $!\n";
	while (<$nm>)
	{
		my ($unit, $symbol, $type) = m{^\Q$self->{src}\E/(\S+)\.o: (\S+) (\S)} or next;
		$defined_in{$symbol} = $unit if $type =~ /[ABCDRTVW]/;
		push @undefined, [ "$unit.c", $symbol ] if $type eq 'U';
	}
	close $nm or die "nm cannot read the object files\n";

	foreach (@undefined)
	{
		my ($file, $symbol) = @$_;
		my $line = $self->code($file) =~ /\b\Q$symbol\E\b/ ? TextFile::line_of($self->code($file), $-[0]) : 1;

		$self->need($file, $line, $defined_in{$symbol}, "uses $symbol of $defined_in{$symbol}")
		  if defined $defined_in{$symbol};
	}
	return;
}

1;
