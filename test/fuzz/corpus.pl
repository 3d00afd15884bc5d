# Trains the models of seeds.sql in a database of its own, and writes them to
# corpus/fuzz_model, and their keys and schemas to corpus/fuzz_keys; and texts, as
# fuzz_picture takes them, to corpus/fuzz_picture.

use strict;
use warnings FATAL => 'all';

use FindBin;

use constant DATABASE => 'vgae_fuzz_corpus';
use constant HEADER_BYTES => 24;    # see src/core/model/format.c

my $corpus = "$FindBin::RealBin/corpus";

sub run
{
	system(@_) == 0 or die "$_[0] failed\n";
	return;
}

# Each contents once.
sub write_file
{
	my ($name, $bytes) = @_;
	our %written;

	return if $written{$bytes}++;
	open(my $file, '>:raw', "$corpus/$name") or die "$corpus/$name: $!\n";
	print $file $bytes;
	close($file) or die "$corpus/$name: $!\n";
	return;
}

# The contents of each section, by its name.
sub sections
{
	my ($model) = @_;
	my %section;

	for (my $at = HEADER_BYTES; $at < length($model);)
	{
		my ($name, undef, $length) = unpack('A4 V Q<', substr($model, $at));

		$section{$name} = substr($model, $at + 16, $length);
		$at += 16 + int(($length + 7) / 8) * 8;
	}
	return %section;
}

# Bytes that each text of a picture has; the last one is the title.  And losses.
my %texts = (
	ascii => 'node one',
	markup => '<a b="c">&]]>',
	many_bytes => "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
	broken => "\xC3\xE2\x82\xF0\x9F\xED\xA0\x80\xC0\x80\xFF\x00\x1F",
	long => 'long ' x 30);
foreach (sort keys %texts)
{
	my $text = $texts{$_};

	write_file("fuzz_picture/$_",
		"\0" . pack('f<24', map { sin } 1 .. 24) . pack('C*', 0 .. 11, (length $text) x 22) . $text x 23);
}
write_file('fuzz_picture/history', "\1" . pack('d<*', map { ((1 / $_) x 3, (1 - 1 / $_) x 3) } 1 .. 5));

run('createdb', DATABASE);
END { system('dropdb', '--if-exists', DATABASE) }
run('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', DATABASE,
	'-c', 'SET client_min_messages = warning', '-c', 'CREATE EXTENSION vgae',
	'-f', "$FindBin::RealBin/seeds.sql");
open(my $models, '-|', 'psql', '-XAtq', '-F', ' ', '-d', DATABASE,
	'-c', q{SELECT name, encode(model, 'hex') FROM seeds}) or die "psql: $!\n";
while (<$models>)
{
	my ($name, $hex) = split;
	my $model = pack('H*', $hex);
	my %section = sections($model);

	write_file("fuzz_model/$name", $model);
	write_file("fuzz_keys/$name-keys", "\0" . $section{KEYS});
	write_file("fuzz_keys/$name-latin1", "\0" . $section{KEYS} =~ s/UTF8\0\0/LATIN1/r);
	write_file("fuzz_keys/$name-schema", "\1" . $section{SCHM});
}
close($models) or die "psql failed\n";
