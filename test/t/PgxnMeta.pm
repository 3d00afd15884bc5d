# The PGXN Meta Spec 1.0.0 (https://pgxn.org/meta/spec.txt), as PGXN's server asks for it
# when a distribution is uploaded.
package PgxnMeta;

use strict;
use warnings FATAL => 'all';

use Exporter 'import';

our @EXPORT = qw(meta_faults);

# A check returns what is wrong with a value, or nothing.

sub matches
{
	my ($pattern, $kind) = @_;

	return sub { return defined $_[0] && !ref $_[0] && $_[0] =~ $pattern ? () : "is not $kind" };
}

sub each_of
{
	my ($check) = @_;

	return sub {
		my ($list) = @_;

		return 'is not a list of at least one' if ref $list ne 'ARRAY' || !@$list;
		return map { my $value = $_; map { "'$value' $_" } $check->($value) } @$list;
	};
}

# A map whose keys are all of a kind, and so are their values.
sub map_of
{
	my ($key, $check) = @_;

	return sub {
		my ($map) = @_;

		return 'is not a map of at least one' if ref $map ne 'HASH' || !%$map;
		return map {
			my $name = $_;
			((map { "$name $_" } $key->($name)), (map { "$name $_" } $check->($map->{$name})))
		} sort keys %$map;
	};
}

# A map with fields of its own, of which the last arguments must be there.
sub fields
{
	my ($check, @required) = @_;

	return sub {
		my ($map) = @_;

		return 'is not a map' if ref $map ne 'HASH';
		return (
			(map { exists $map->{$_} ? () : "$_ is missing" } @required),
			map {
				my $name = $_;
				my $of = $check->{$name};
				$name =~ /^[xX]_./ ? () : map { "$name $_" } $of ? $of->($map->{$name}) : 'is no field of the specification'
			} sort keys %$map);
	};
}

sub either
{
	my (@checks) = @_;

	return sub {
		my ($value) = @_;
		my @faults;

		foreach my $check (@checks)
		{
			@faults = $check->($value);
			return () if !@faults;
		}
		return @faults;
	};
}

my $number = qr/(?:0|[1-9]\d*)/;
my $semver = qr/$number\.$number\.$number(?:-[0-9A-Za-z.-]+)?/;
my $constraint = qr/(?:(?:[=!]=|[<>]=?)\s*)?$semver/;

my $text = matches(qr/\S/, 'a text');
my $term = matches(qr{^[^/\\\s[:cntrl:]]{2,}$}, 'a term');
my $tag = matches(qr{^[^/\\[:cntrl:]]{2,255}$}, 'a tag');
my $version = matches(qr/^$semver$/, 'a semantic version');
my $range = matches(qr/^(?:0|$constraint(?:,\s*$constraint)*)$/, 'a range of versions');
my $path = matches(qr{^(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\]+$}, 'a path inside the distribution');
my $url = matches(qr{^[a-z][a-z+.-]*://\S+$}i, 'a URL');
my $mail = matches(qr/^[^\s@]+@[^\s@]+$/, 'a mail address');
my $license = matches(
	qr/^(?:agpl_3|apache_1_1|apache_2_0|artistic_[12]|bsd|freebsd|gfdl_1_[23]|gpl_[123]|lgpl_2_1|lgpl_3_0|mit
	|mozilla_1_[01]|openssl|perl_5|postgresql|qpl_1_0|ssleay|sun|zlib|open_source|restricted|unrestricted|unknown)$/x,
	'a license that the specification knows');

my $distribution = fields(
	{
		name => $term,
		version => $version,
		abstract => $text,
		description => $text,
		generated_by => $text,
		date => $text,
		maintainer => either(each_of($text), $text),
		license => either(each_of($license), map_of($text, $url), $license),
		release_status => matches(qr/^(?:stable|testing|unstable)$/, 'a status'),
		tags => each_of($tag),
		provides => map_of(
			$term,
			fields({ file => $path, version => $version, abstract => $text, docfile => $path }, 'file', 'version')),
		prereqs => map_of(
			matches(qr/^(?:configure|build|test|runtime|develop)$/, 'a phase'),
			map_of(
				matches(qr/^(?:requires|recommends|suggests|conflicts)$/, 'a relationship'),
				map_of($term, $range))),
		no_index => fields({ file => either(each_of($path), $path), directory => either(each_of($path), $path) }),
		resources => fields(
			{
				homepage => $url,
				bugtracker => fields({ web => $url, mailto => $mail }),
				repository => fields({ url => $url, web => $url, type => matches(qr/^[a-z]+$/, 'in lower case') })
			}),
		'meta-spec' => fields({ version => matches(qr/^1\.0\.\d+$/, 'version 1.0'), url => $url }, 'version')
	},
	qw(name version abstract maintainer license provides meta-spec));

# What is wrong with the decoded META.json.
sub meta_faults
{
	my ($meta) = @_;

	return $distribution->($meta);
}

1;
