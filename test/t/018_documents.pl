# What the documents say of this tree is so: their links and anchors lead somewhere, the files,
# commands, functions, arguments, settings and messages that they name exist.

use strict;
use warnings FATAL => 'all';
use open qw(:std :encoding(UTF-8));
use utf8;

use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Spec;
use Test::More;

sub slurp
{
	my ($file) = @_;

	open(my $in, '<:encoding(UTF-8)', $file) or die "$file: $!";
	local $/;
	return scalar <$in>;
}

# What is nobody's to read: build directories, and what the tests make.
my $passed_over = qr{/(?:\.git|build|results|tmp_check|log|output)(?:/|$)};

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ =~ s{^\./}{}r if -f && "/$_" !~ $passed_over } }, '.');

my @documents = sort grep { /\.md$/ } @files;
my %text = map { $_ => slurp($_) } @documents;

# Code is no link.
sub without_code
{
	my ($text) = @_;

	$text =~ s/^```.*?^```[ \t]*$//gms;
	$text =~ s/`[^`\n]*`//g;
	return $text;
}

# The anchors of a document's headings, as GitHub makes them.
sub anchors
{
	my ($document) = @_;
	my %seen;
	my %anchor;
	my $text = $text{$document};

	$text =~ s/^```.*?^```[ \t]*$//gms;
	while ($text =~ /^#{1,6}[ \t]+(.+?)[ \t]*$/gm)
	{
		my $name = lc $1;

		$name =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
		$name =~ s/[^\p{Word}\- ]//g;
		$name =~ tr/ /-/;
		my $times = $seen{$name}++;
		$anchor{ $times ? "$name-$times" : $name } = 1;
	}
	return \%anchor;
}

# ---- Links

my $links = 0;
foreach my $document (@documents)
{
	my @broken;
	my $text = without_code($text{$document});

	while ($text =~ /\]\(([^)\s]+)\)/g)
	{
		my ($path, $anchor) = split(/#/, $1, 2);

		$links++;
		next if $path =~ m{^(?:https?|mailto):};
		my $target = $path eq '' ? $document : File::Spec->catfile(dirname($document), $path);
		$target = File::Spec->abs2rel(Cwd::realpath($target) // $target, getcwd());
		if (!-e $target)
		{
			push @broken, "$path: no such file";
		}
		elsif (defined $anchor && !(exists $text{$target} && anchors($target)->{$anchor}))
		{
			push @broken, "$path#$anchor: no such heading";
		}
	}
	is(join("\n", @broken), '', "links of $document");
}
cmp_ok($links, '>', 50, 'links were found');

# ---- Files and commands

my $makefiles = join "\n", map { slurp($_) } grep { /(?:^|\/)Makefile$|\.mk$/ } @files;
my %is_target = map { $_ => 1 } map { split } $makefiles =~ /^([a-z][a-z \-]*):(?!=)/gm;

# PGXS brings these.
$is_target{$_} = 1 foreach qw(install installcheck clean uninstall);

my $placeholder = qr/X\.Y\.Z|NEW|-N$/;	# stands for a version or number to come
my ($paths, $targets) = (0, 0);
foreach my $document (@documents)
{
	my @missing;

	# Paths from the top: what is in backticks, begins with a directory of ours and has no pattern.
	while ($text{$document} =~ m{`((?:src|sql|test|docs|examples|expected)/[\w./-]*\w/?)`}g)
	{
		$paths++;
		push @missing, "$1: no such file"
		  unless -e $1 || glob("$1*") || $1 =~ /$passed_over/ || $1 =~ $placeholder;
	}
	while ($text{$document} =~ /(?:`|^)(?:sudo )?make ((?:[a-z][a-z-]*(?: |(?=`|$)))+)/gm)
	{
		foreach my $target (split ' ', $1)
		{
			$targets++;
			push @missing, "make $target: no such target" unless $is_target{$target};
		}
	}
	is(join("\n", @missing), '', "files and commands of $document");
}
cmp_ok($paths, '>', 20, 'paths were found');
cmp_ok($targets, '>', 15, 'make targets were found');

# ---- Functions, arguments, settings

my ($script) = glob('sql/vgae--' . (slurp('vgae.control') =~ /default_version\s*=\s*'(.+?)'/)[0] . '.sql');
my $sql = slurp($script);
my %function = map { $_ => 1 } $sql =~ /CREATE (?:FUNCTION|PROCEDURE|AGGREGATE|VIEW) (vgae_\w+)/g;

# They serve others and are not called.
my $served = qr/_support$|^vgae_ranking_|_final$|^vgae_get_progress$/;

my ($reference) = $text{'README.md'} =~ /^## Functions\n(.*?)^## /ms;
foreach my $name (sort keys %function)
{
	next if $name =~ $served;
	like($reference, qr/^\| `[^|]*\b$name\b/m, "$name is in the reference");
}
foreach my $document (@documents)
{
	my %unknown = map { $_ => 1 } grep { !$function{$_} } $text{$document} =~ /\b(vgae_\w+)\s*\(/g;
	is(join(' ', sort keys %unknown), '', "functions of $document");
}

my ($signature) = $sql =~ /CREATE FUNCTION vgae_train\(\n(.*?)\n\)/s;
my ($arguments) = $text{'README.md'} =~ /^## Arguments of vgae_train\n(.*?)^## /ms;
my %default;
foreach my $line (split /\n/, $signature)
{
	my ($name, $type, $default) = $line =~ /^\s*(\w+)\s+(\S+)\s+DEFAULT\s+(.+?),?\s*$/ or next;

	$default{$name} = 1;
	like($arguments, qr/^\| `$name` \| `\Q$type\E` \| `\Q$default\E` \|/m, "$name: its type and default");
}
is(scalar(keys %default), 22, 'all arguments of vgae_train');

my ($settings) = $text{'README.md'} =~ /^## Settings\n(.*?)^## /ms;
like($settings, qr/^\| `\Q$_\E` \|/m, "setting $_") foreach slurp('src/pg/base/settings.c') =~ /Define\w+\("(vgae\.\w+)"/g;

# ---- Messages

# Those of the errors table are made by a format in the source; other programs' are passed over.
my $source = join "\n", map { slurp($_) } grep { m{^src/.*\.[ch]$} } @files;
$source =~ s/"\s*\n\s*"//g;
my %format;
while ($source =~ /"((?:[^"\\\n]|\\.)+)"/g)
{
	my $words = $1 =~ s/\\"/"/gr;

	$format{$words} = join '.+', map { quotemeta } split /%[-+0-9.*lz]*[a-zA-Z]/, $words, -1
		if ($words =~ s/%\S+//gr) =~ /\w+ \w+/;
}
my $formats = join '|', values %format;

my ($errors) = $text{'README.md'} =~ /^## Errors and what to do\n(.*?)^## /ms;
my $messages = 0;
foreach my $row ($errors =~ /^\| (`.+?) \| /gm)
{
	foreach my $message ($row =~ /`([^`]+)`/g)
	{
		next if $message =~ /^could not load library|^unrecognized|^permission denied/;	# PostgreSQL's
		$messages++;
		ok($message =~ /^(?:$formats)$/, "the source can say: $message");
	}
}
cmp_ok($messages, '>', 10, 'messages were found');

done_testing();
