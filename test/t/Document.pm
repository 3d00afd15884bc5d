# The code in a document, for tests that run it as printed, and the tables that it is
# about: those of the README.
package Document;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';
use FindBin;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(has_extension document_blocks same_result code_blocks run_blocks create_graphs ask_graphs);

# Can the server that is tested create that extension?
sub has_extension
{
	my ($name) = @_;

	chomp(my $directory = `pg_config --sharedir`);
	return -e "$directory/extension/$name.control";
}

# The blocks of a document in a language (as "sql"): each with its "text", the "line" of the
# document where that begins, the "heading" of second level that it stands under ('' above
# all of them), and its "result": the text of the block without a language that follows, with
# empty lines between them at most, or undef.
sub document_blocks
{
	my ($file, $language) = @_;
	my ($heading, $number, $inside) = ('', 0, '');
	my $before;					# the block that ended, and after it only empty lines
	my @blocks;

	foreach my $line (split /^/, slurp_file("$FindBin::RealBin/../../$file"))
	{
		$number++;
		if ($inside eq '')
		{
			$heading = $1 if $line =~ /^## (.*)$/;
			next if $line =~ /^\s*$/;
			my ($fence) = $line =~ /^```(.*)$/;
			my $ended = $before;

			undef $before;
			next unless defined $fence;
			$inside = "in $fence";
			if ($fence eq $language)
			{
				push @blocks, { text => '', line => $number + 1, heading => $heading };
			}
			elsif ($fence eq '' && $ended)
			{
				$ended->{result} = '';
				$inside = 'result';
			}
		}
		elsif ($line =~ /^```$/)
		{
			$before = $blocks[-1] if $inside eq "in $language";
			$inside = '';
		}
		elsif ($inside eq "in $language")
		{
			$blocks[-1]{text} .= $line;
		}
		elsif ($inside eq 'result')
		{
			$blocks[-1]{result} .= $line;
		}
	}
	die "$file: the last block has no end" unless $inside eq '';
	return @blocks;
}

# Does a result say what a document shows?  The same lines, in any order, for equal values may
# change places.  A number may differ a little from one type of machine to another: by 0.03, or
# by a tenth.  So may the grey of a drawing's pixels, by one step.
my $greys = ' .:+*#@';

sub same_result
{
	my ($printed, $shown) = @_;
	my @printed = result_lines($printed);
	my @shown = result_lines($shown);

	return 0 unless @printed == @shown;
	if (!grep { /\w/ } @shown[2 .. $#shown])
	{
		return !grep { !same_drawing($printed[$_], $shown[$_]) } 0 .. $#shown;
	}
	foreach my $line (@shown)
	{
		my ($same) = grep { same_values($printed[$_], $line) } 0 .. $#printed;

		return 0 unless defined $same;
		splice @printed, $same, 1;
	}
	return 1;
}

sub result_lines
{
	return grep { $_ ne '' } map { s/\s+$//r } split /\n/, $_[0];
}

sub same_values
{
	my @values = map { [ split ] } @_;

	return 0 unless @{ $values[0] } == @{ $values[1] };
	foreach my $i (0 .. $#{ $values[0] })
	{
		my ($a, $b) = map { $_->[$i] } @values;
		my $numbers = !grep { !/^-?\d+(?:\.\d+)?$/ } $a, $b;
		my $margin = $numbers ? (abs($b) > 0.3 ? abs($b) / 10 : 0.03) : 0;

		return 0 unless $numbers ? abs($a - $b) <= $margin : $a eq $b;
	}
	return 1;
}

sub same_drawing
{
	my ($a, $b) = @_;
	my $width = length $a > length $b ? length $a : length $b;

	foreach my $i (0 .. $width - 1)
	{
		my ($of_a, $of_b) = map { $i < length $_ ? substr($_, $i, 1) : ' ' } $a, $b;
		my ($grey_a, $grey_b) = map { index $greys, $_ } $of_a, $of_b;

		return 0 unless $of_a eq $of_b || ($grey_a >= 0 && $grey_b >= 0 && abs($grey_a - $grey_b) <= 1);
	}
	return 1;
}

# The text of those under a heading, in order.
sub code_blocks
{
	my ($file, $heading, $language) = @_;
	my @blocks = map { $_->{text} } grep { $_->{heading} eq ($heading // '') } document_blocks($file, $language);

	die "$file has no $language in its section \"" . ($heading // '') . '"' unless @blocks;
	return @blocks;
}

# Run blocks of SQL in database graphs, each in a session of its own; what each printed.
sub run_blocks
{
	my ($node, @blocks) = @_;

	return map
	{
		my ($name) = grep { !/^--/ } split /\n/;
		my ($printed, $errors) = ('', '');

		$node->psql('graphs', $_, stdout => \$printed, stderr => \$errors);
		unlike($errors, qr/ERROR|FATAL/, "runs as printed: $name");
		$printed;
	} @blocks;
}

# What a statement in database graphs prints.
sub ask_graphs
{
	my ($node, $sql) = @_;

	return $node->safe_psql('graphs', $sql);
}

# The README's database, with papers of thirty fields that keep mostly to their own.
sub create_graphs
{
	my ($node) = @_;

	$node->safe_psql('postgres', 'CREATE DATABASE graphs');
	$node->safe_psql(
		'graphs', q{
		CREATE EXTENSION vgae;
		CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz DEFAULT now());
		CREATE FUNCTION pick(seed bigint, n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
			AS 'SELECT abs(hashint8(seed)::bigint) % n';
		CREATE TABLE papers AS
			SELECT i AS id, 'Paper ' || i AS title, 2010 + (i / 100)::int AS year, 'venue ' || i % 30 / 6 AS venue
			FROM generate_series(1, 1500) i;
		CREATE TABLE citations AS
			SELECT id AS src, 1 + (CASE pick(k, 8) WHEN 0 THEN pick(k + 1, 1500) ELSE pick(k + 2, 50) * 30 + (id - 1) % 30 END)::int AS dst
			FROM papers, generate_series(10 * id, 10 * id + 3) k;
		CREATE TABLE paper_words AS
			SELECT id AS paper, (CASE pick(k, 3) WHEN 0 THEN pick(k + 1, 300) ELSE pick(k + 2, 10) * 30 + id % 30 END)::int AS word
			FROM papers, generate_series(1000000 + 10 * id, 1000000 + 10 * id + 5) k;
		CREATE TABLE friendships AS SELECT src, dst FROM citations WHERE src <= 300 AND dst <= 300;
		CREATE TABLE customers AS SELECT i AS id FROM generate_series(1, 200) i;
		CREATE TABLE products AS SELECT i AS id FROM generate_series(1, 60) i;
		CREATE TABLE purchases AS
			SELECT id AS customer_id, (1 + pick(k, 20) * 3 + id % 3)::int AS product_id
			FROM customers, generate_series(10 * id, 10 * id + 4) k});
	return;
}

1;
