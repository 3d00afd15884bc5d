# A text file of the tree, taken apart by the rules of its language.
#
#   my @files = TextFile::list($directory);    # what people have written, but expected/
#   $file->path        from the tree's root on
#   $file->language    c, perl, python, shell, sql or text
#   $file->text        as it is
#   $file->code        without comments, and strings empty
#   $file->prose       with comments, and without what strings say
#
# Code and prose have the lines of the text.

package TextFile;

use strict;
use warnings FATAL => 'all';

use File::Find ();

my %language = (
	c => 'c', h => 'c', pl => 'perl', pm => 'perl', py => 'python', sh => 'shell', sql => 'sql',
	md => 'text');

# Files in these folders and of these languages, and files of these names.
my %folders = (
	'src' => 'c',
	'test' => 'c perl python shell sql',
	'sql/install' => 'sql',
	'docs' => 'text');
my @names = ('README.md', 'CONTRIBUTING.md', 'quickstart.sh');

# What a build or a run of tests leaves.
my $made = qr{/(?:build|tmp_check|results|__pycache__)$};

# A comment, or a string or character; strings of Perl, Python and the shell end in their
# line, since other quotes than these cannot be told without reading the whole language.
my $quoted = qr{"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'};
my %token = (
	c => qr{(/\*.*?\*/|//[^\n]*)|($quoted)}s,
	perl => qr{((?:^|(?<=\s))\#[^\n]*)|($quoted)}m,
	python => qr{((?:^|(?<=\s))\#[^\n]*|""".*?""")|($quoted)}ms,
	shell => qr{((?:^|(?<=\s))\#[^\n]*)|($quoted)}m,
	sql => qr{(/\*.*?\*/|--[^\n]*)|('(?:''|[^'\n])*')}s,
	text => qr{(?!)()()});

sub new
{
	my ($class, $directory, $path) = @_;
	my $self = bless { path => $path, language => $language{ $path =~ s/.*\.//r } }, $class;
	my $token = $token{ $self->language };
	local $/ = undef;

	open(my $in, '<', "$directory/$path") or die "$path: $!\n";
	my $text = <$in> // '';
	$self->{text} = $text;
	$self->{code} = $text =~ s{$token}{defined $1 ? blank($1) : '""' . blank(substr($2, 2))}ger;
	$self->{prose} = $text =~ s{$token}{defined $1 ? $1 : blank($2)}ger;
	return $self;
}

sub list
{
	my ($directory) = @_;
	my @paths = grep { -e "$directory/$_" } @names;

	foreach my $folder (grep { -d "$directory/$_" } keys %folders)
	{
		File::Find::find({
			no_chdir => 1,
			preprocess => sub { return grep { "$File::Find::dir/$_" !~ $made } @_ },
			wanted => sub {
				my $language = /\.(\w+)$/ ? $language{$1} // '' : '';
				push @paths, s{^\Q$directory\E/}{}r if -f && " $folders{$folder} " =~ / $language /;
			},
		}, "$directory/$folder");
	}
	return map { TextFile->new($directory, $_) } sort @paths;
}

sub path { return $_[0]{path} }

sub language { return $_[0]{language} }

sub text { return $_[0]{text} }

sub code { return $_[0]{code} }

sub prose { return $_[0]{prose} }

# The same text without its characters, so that what follows keeps its line.
sub blank { return $_[0] =~ s/[^\n]/ /gr }

sub line_of
{
	my ($text, $offset) = @_;
	return 1 + (substr($text, 0, $offset) =~ tr/\n//);
}

1;
