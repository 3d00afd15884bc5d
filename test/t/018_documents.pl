# What the documents say of this tree is so: their links and anchors lead somewhere; the files,
# commands, functions, arguments, defaults, settings and messages that they name exist; the README
# is short, and every example stores its model.

use strict;
use warnings FATAL => 'all';
use open qw(:std :encoding(UTF-8));
use utf8;

use Cwd qw(getcwd);
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Spec;
use FindBin;
use lib $FindBin::RealBin;
use Document;
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

# The text under a heading of second level.
sub section
{
	my ($document, $heading) = @_;
	my ($text) = $text{$document} =~ /^## \Q$heading\E\n(.*?)(?=^## |\z)/ms;

	die "$document has no section \"$heading\"" unless defined $text;
	return $text;
}

# ---- The README, and what people search for

cmp_ok(-s 'README.md', '<=', 15000, 'bytes of README.md');

my @headings = map { /^#+ (.+)$/mg } map { s/^```.*?^```[ \t]*$//gmsr } values %text;
foreach my $word ('bipartite', 'recommendation', 'anomaly', 'embedding', 'link prediction', 'missing values',
	'held-out edges', 'cold start', 'similar items', 'weighted', 'directed', 'clustering')
{
	cmp_ok(scalar(grep { /\Q$word\E/i } @headings), '>', 0, "\"$word\" stands in a heading");
}

# Figures in the text on a job, behind its result, are those of its example, or in the result.
my $figures = 0;
my $jobs = section('README.md', 'Five jobs');
while ($jobs =~ /^### (.+?)\n(.*?)(?=^### |\z)/gms)
{
	my ($job, $text) = ($1, $2);
	my ($example) = $text =~ m{\(examples/(\w+)\.sql\)} or die "$job: no example";
	my ($block, $prose) = $text =~ /^(.*^```\n)(.*)$/ms;
	my $known = $block . slurp("expected/example_$example.out") . slurp("examples/$example.sql");

	foreach my $figure (without_code($prose) =~ s/\]\([^)]*\)//gr =~ /\b\d+\b/g)
	{
		$figures++;
		like($known, qr/\b$figure\b/, "$job: $figure");
	}
}
cmp_ok($figures, '>', 10, 'figures were found');

# A model at a prompt is a screen full of bytes: no statement is a plain SELECT vgae_train(...).
my $statements = 0;
foreach my $document (@documents)
{
	my @plain;

	foreach my $block (document_blocks($document, 'sql'))
	{
		foreach my $statement (split /;[ \t]*(?:--.*)?$/m, $block->{text} =~ s/^\s*(?:--|\\).*\n//gmr)
		{
			$statements++;
			push @plain, $statement =~ /(\S.*)/ if $statement =~ /^\s*(?:SELECT|WITH)\b.*[(,\s]vgae_train\(/s
			  && $statement !~ /\bINSERT INTO\b|\bvgae_\w+\(vgae_train\(/;
		}
	}
	is(join("\n", @plain), '', "every training of $document stores its model");
}
cmp_ok($statements, '>', 80, 'statements were found');

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

my $source = join "\n", map { slurp($_) } grep { m{^src/.*\.[ch]$} } @files;
my $placeholder = qr/X\.Y\.Z|NEW|-N$/;	# stands for a version or number to come
my ($paths, $targets, $located) = (0, 0, 0);
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

	# A row of a table that begins with a directory names files in it.
	while ($text{$document} =~ m{^\| `((?:src|sql|test)/[\w/]+)`.*$}gm)
	{
		my ($directory, $row) = ($1, $&);

		push @missing, map { "$directory/$_: no such file" } grep { !-e "$directory/$_" } $row =~ /`(\w+\.(?:c|h|sql|pl))`/g;
	}

	# What a file does, as `f()` in `path`, it does in a function of that name.
	while ($text{$document} =~ m{`(\w+)\(\)` in `(\S+?)`}g)
	{
		my ($function, $path) = ($1, $2);

		$located++;
		push @missing, "$path: no function $function" unless -e $path && slurp($path) =~ /^\Q$function\E\(/m;
	}

	# Names of the core.
	push @missing, map { "$_: no such name" } grep { $source !~ /\b$_\b/ } $text{$document} =~ /`((?:gae_|Gae|GAE_)\w+)`/g;
	is(join("\n", @missing), '', "files and commands of $document");
}
cmp_ok($paths, '>', 20, 'paths were found');
cmp_ok($targets, '>', 15, 'make targets were found');
cmp_ok($located, '>', 4, 'functions in files were found');

# Every folder of the source is in the table of folders.
my $folders = section('docs/how-it-works.md', 'Folders');
like($folders, qr/^\| `\Q$_\E` \|/m, "folder $_") foreach grep { -d } glob('src/*/*');

# ---- Functions, arguments, settings

my $script = 'vgae--' . (slurp('vgae.control') =~ /default_version\s*=\s*'(.+?)'/)[0] . '.sql';
my $sql = slurp($script);
my %function = map { $_ => 1 } $sql =~ /CREATE (?:FUNCTION|PROCEDURE|AGGREGATE|VIEW) (vgae_\w+)/g;

# They serve others and are not called.
my $served = qr/_support$|^vgae_ranking_|_final$|^vgae_get_progress$/;

my $reference = section('docs/reference.md', 'Functions');
foreach my $name (sort keys %function)
{
	next if $name =~ $served;
	like($reference, qr/^\| `[^|]*\b$name\b/m, "$name is in the reference");
}
foreach my $document (@documents)
{
	my $of_sql = $text{$document} =~ s/`\w+\(\)` in `src\S+`//gr;	# others are in C
	my %unknown = map { $_ => 1 } grep { !$function{$_} } $of_sql =~ /\b(vgae_\w+)\s*\(/g;
	is(join(' ', sort keys %unknown), '', "functions of $document");
}

# The arguments of each function, in order, with their defaults. key_type comes with a form of its own.
my %signature;
while ($sql =~ /CREATE (?:FUNCTION|AGGREGATE) (vgae_\w+)\((.*?)\)\s*(?:RETURNS|\()/gs)
{
	my ($name, $list) = ($1, $2);

	$signature{$name}{ join ', ', grep { !/^(?:key|node)_type/ } map { argument($_) } split /,\s*/, $list } = 1;
}
my $signatures = 0;
while ($reference =~ /`(vgae_\w+)\(([^`…]*)\)`/g)
{
	my ($name, $list) = ($1, $2);
	my $told = join ', ', map { argument($_) } split /,\s*/, $list;

	$signatures++;
	ok($signature{$name}{$told}, "arguments of $name: $told");
}
cmp_ok($signatures, '>', 20, 'signatures were found');

# The name of an argument, and its default.
sub argument
{
	my ($name) = $_[0] =~ /^\s*(\w+)/;
	my ($default) = $_[0] =~ /DEFAULT\s+(.+?)\s*$/s;

	return defined $default ? "$name DEFAULT $default" : $name;
}

my ($signature) = $sql =~ /CREATE FUNCTION vgae_train\(\n(.*?)\n\)/s;
my $arguments = section('docs/reference.md', 'Arguments of vgae_train');
my %default;
foreach my $line (split /\n/, $signature)
{
	my ($name, $type, $default) = $line =~ /^\s*(\w+)\s+(\S+)\s+DEFAULT\s+(.+?),?\s*$/ or next;

	$default{$name} = 1;
	like($arguments, qr/^\| `$name` \| `\Q$type\E` \| `\Q$default\E` \|/m, "$name: its type and default");
}
is(scalar(keys %default), 23, 'all arguments of vgae_train');

my $settings = section('docs/reference.md', 'Settings');
like($settings, qr/^\| `\Q$_\E` \|/m, "setting $_") foreach slurp('src/pg/base/settings.c') =~ /Define\w+\("(vgae\.\w+)"/g;

# ---- Messages

# Those that head a note are made by a format in the source; other programs' are passed over.
my $joined = $source =~ s/"\s*\n\s*"//gr;
my %format;
while ($joined =~ /"((?:[^"\\\n]|\\.)+)"/g)
{
	my $words = $1 =~ s/\\"/"/gr;

	$format{$words} = join '.+', map { quotemeta } split /%[-+0-9.*lz]*[a-zA-Z]/, $words, -1
		if ($words =~ s/%\S+//gr) =~ /\w+ \w+/;
}
my $formats = join '|', values %format;

my $errors = section('docs/reference.md', 'Errors and what to do');
my $messages = 0;
foreach my $heading ($errors =~ /^#### (.+)$/gm)
{
	foreach my $message ($heading =~ /`([^`]+)`/g)
	{
		next if $message =~ /^could not load library|^unrecognized|^permission denied/;	# PostgreSQL's
		$messages++;
		# In ASCII: PostgreSQL 19's tests die of a wider character in the log.
		ok($message =~ /^(?:$formats)$/, 'the source can say: ' . $message =~ s/…/.../gr);
	}
}
cmp_ok($messages, '>', 16, 'messages were found');

done_testing();
