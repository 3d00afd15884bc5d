# Autoencoders of rows on the 8 x 8 digits.

use strict;
use warnings FATAL => 'all';

use FindBin;
use lib $FindBin::RealBin;
use Test::More;
use VgaeTest;

# Mean squared error, summed over the 64 pixels (scaled to 0 … 1), of a principal
# component analysis with 16 components: scikit-learn's PCA(16) on the 1797 rows,
#   x = features / 16; ((p.inverse_transform(p.fit_transform(x)) - x) ** 2).sum(1).mean()
use constant PCA_ERROR => 0.7067;

my $digits = data_directory('digits');
plan skip_all => 'skipped: no digits in VGAE_DATA' unless defined $digits;

my $node = start_node('digits');
$node->safe_psql('postgres', 'CREATE TABLE raw (id int, label int, features real[])');
VgaeTest::load_csv($node, 'raw', "$digits/digits.csv");
$node->safe_psql(
	'postgres', q{
	CREATE TABLE digits AS
		SELECT id, label, ARRAY(SELECT x / 16 FROM unnest(features) x)::real[] AS pixels FROM raw;
	CREATE TABLE models (name text PRIMARY KEY, model bytea);
	INSERT INTO models VALUES
		('ae', vgae_train(nodes => 'SELECT id, pixels FROM digits', model => 'ae',
			hidden_dims => '{128}', latent_dim => 16, epochs => 150, learning_rate => 0.003)),
		('vae', vgae_train(nodes => 'SELECT id, pixels FROM digits', model => 'vae',
			hidden_dims => '{128}', latent_dim => 8, epochs => 100, learning_rate => 0.003,
			reconstruction => 'bce'))});

my $error = $node->safe_psql(
	'postgres', q{
	SELECT avg((SELECT sum((x - y) ^ 2) FROM unnest(pixels, rebuilt) AS p (x, y)))
	FROM models, digits, vgae_reconstruct(model, pixels) AS rebuilt WHERE name = 'ae'});
note "reconstruction error of the ae: $error";
cmp_ok($error, '<', PCA_ERROR, 'the ae rebuilds digits better than 16 principal components');

# The aggregate posterior of the vae: over all rows, samples look like N(0, I).
my ($mean, $low, $high) = split /\|/, $node->safe_psql(
	'postgres', q{
	SELECT max(abs(mean)), min(deviation), max(deviation) FROM (
		SELECT dimension, avg(z) AS mean, stddev(z) AS deviation
		FROM models, vgae_sample_posterior(model),
			unnest(latent) WITH ORDINALITY AS l (z, dimension)
		WHERE name = 'vae' GROUP BY dimension) d});
note "aggregate posterior: |mean| <= $mean, deviation $low to $high";
cmp_ok($mean, '<', 0.3, 'the aggregate posterior is centred');
ok($low > 0.7 && $high < 1.3, 'its deviation is near 1 in every dimension');

# Decoded prior samples are as near to some real digit as real digits are to others:
# their nearest neighbours are no further off than twice the usual distance.
my $typical = $node->safe_psql(
	'postgres', q{
	WITH fake AS (SELECT sample, vgae_decode(model, latent) AS pixels
				  FROM models, vgae_sample_prior(model, n => 20, seed => 1) WHERE name = 'vae'),
	real AS (SELECT id, pixels FROM digits WHERE id % 90 = 0),
	fake_nearest AS (
		SELECT min((SELECT sum((x - y) ^ 2) FROM unnest(f.pixels, d.pixels) p (x, y))) AS distance
		FROM fake f, digits d GROUP BY f.sample),
	real_nearest AS (
		SELECT min((SELECT sum((x - y) ^ 2) FROM unnest(r.pixels, d.pixels) p (x, y))) AS distance
		FROM real r, digits d WHERE d.id <> r.id GROUP BY r.id)
	SELECT (SELECT avg(distance) FROM fake_nearest) / (SELECT avg(distance) FROM real_nearest)});
note "distance of decoded samples to the nearest digit, relative to that of digits: $typical";
cmp_ok($typical, '<', 2, 'decoded prior samples lie where digits are');

# An interpolation from an 8 to a 9 begins and ends at their reconstructions.
is( $node->safe_psql(
		'postgres', q{
		WITH ends AS (
			SELECT model, vgae_encode(model, a.pixels) AS a, vgae_encode(model, b.pixels) AS b,
				vgae_reconstruct(model, a.pixels) AS from_a, vgae_reconstruct(model, b.pixels) AS to_b
			FROM models, (SELECT pixels FROM digits WHERE label = 8 ORDER BY id LIMIT 1) a,
				(SELECT pixels FROM digits WHERE label = 9 ORDER BY id LIMIT 1) b
			WHERE name = 'vae')
		SELECT count(DISTINCT step), min(t), max(t),
			max(abs(x - first)) FILTER (WHERE step = 1) < 1e-5,
			max(abs(x - last)) FILTER (WHERE step = 7) < 1e-5
		FROM ends, vgae_interpolate(model, a, b, steps => 7),
			unnest(decoded, from_a, to_b) AS pixel (x, first, last)}),
	'7|0|1|t|t', 'interpolation goes from one end to the other');

$node->stop;
done_testing();
