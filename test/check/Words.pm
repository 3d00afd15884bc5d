# The words of words.txt in comments, in names and in the prose of documents.
#
#   my @words = Words::load($list);
#   Words::found($file, @words)    a list of [line, the word, what to say instead]

package Words;

use strict;
use warnings FATAL => 'all';

# The list as hashes of word, say, in, as.
sub load
{
	my ($list) = @_;
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

# A file's words: names taken apart, and comments without the marks at the begin of their
# lines. Documents are read without their examples, which SQL has words for.
sub words_of
{
	my ($file) = @_;
	my $text = $file->prose;

	$text =~ s/^(```.*?^```|[ ]{4}[^\n]*)/TextFile::blank($1)/gmse if $file->language eq 'text';
	$text =~ s/^[ \t]*(?:\*(?!\/)|#+|--)/ /mg;
	$text =~ s/(?<=[a-z0-9])(?=[A-Z])/ /g;
	return lc($text =~ s/_/ /gr);
}

sub found
{
	my ($file, @words) = @_;
	my $all = words_of($file);
	my @findings;

	foreach my $word (grep { !defined $$_{in} || $file->path !~ /^(?:$$_{in})/ } @words)
	{
		my $text = $all;

		$text =~ s/\b($$word{as})\b/TextFile::blank($1)/ge if defined $$word{as};
		while ($text =~ /\b((?:$$word{word}))\b/g)
		{
			push @findings, [ TextFile::line_of($text, $-[0]), $1 =~ s/\s+/ /gr, $$word{say} ];
		}
	}
	return @findings;
}

1;
