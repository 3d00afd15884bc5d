/*
 * test_features_build.c
 *		X from columns, and their standardisation.
 */
#include <math.h>
#include <string.h>

#include "core/features/features_build.h"
#include "core/graph/split.h"
#include "support.h"

#define ROWS 37
#define WORDS 90

/* One of each form of column, with missing and repeated cells. */
typedef struct Columns
{
	double		scalar[ROWS];
	double		constant[ROWS];
	float		array[ROWS * 3];
	int32_t		category[ROWS];
	int32_t		row[100];
	int32_t		column[100];
	float		value[100];
	int32_t		rank[ROWS];
	GaeFeatureColumn	all[5];
} Columns;

static void
make_columns(uint64_t seed, Columns *c)
{
	TestRandom	random = {seed};

	for (int i = 0; i < ROWS; i++)
	{
		c->scalar[i] = 1.7e9 + 100 * test_random_normal(&random);
		c->constant[i] = 0.1;
		for (int j = 0; j < 3; j++)
			c->array[3 * i + j] = (float) (test_random_below(&random, 3) - 1);
		c->category[i] = (int32_t) test_random_below(&random, 5) - 1;	/* -1: no value */
		c->rank[i] = (i * 10 + 3) % ROWS;
	}
	for (int i = 0; i < 100; i++)
	{
		c->row[i] = (int32_t) test_random_below(&random, ROWS);
		c->column[i] = (int32_t) test_random_below(&random, i % 2 == 0 ? 4 : WORDS);
		c->value[i] = (float) test_random_normal(&random);
	}
	c->all[0] = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_SCALAR, .standardise = true, .width = 1, .scalar = c->scalar};
	c->all[1] = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_SCALAR, .standardise = true, .width = 1, .scalar = c->constant};
	c->all[2] = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_ARRAY, .width = 3, .array = c->array};
	c->all[3] = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_CATEGORY, .width = 4, .category = c->category};
	c->all[4] = (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_TRIPLETS, .width = WORDS, .triplets = 100,
		.triplet_row = c->row, .triplet_column = c->column, .triplet_value = c->value
	};
}

/* What cell (rank of i, j) should be. */
static void
expected_row(const Columns *c, int i, double *x)
{
	double		mean = 0;
	double		variance = 0;

	memset(x, 0, (9 + WORDS) * sizeof(double));
	for (int r = 0; r < ROWS; r++)
		mean += c->scalar[r] / ROWS;
	for (int r = 0; r < ROWS; r++)
		variance += (c->scalar[r] - mean) * (c->scalar[r] - mean) / ROWS;
	x[0] = (c->scalar[i] - mean) / sqrt(variance);
	for (int j = 0; j < 3; j++)
		x[2 + j] = c->array[3 * i + j];
	if (c->category[i] >= 0)
		x[5 + c->category[i]] = 1;
	for (int t = 0; t < 100; t++)
		if (c->row[t] == i)
			x[9 + c->column[t]] += c->value[t];
}

static void
test_build(void **state)
{
	static Columns columns;
	GaeEnv	   *env = *state;
	double		x[9 + WORDS];

	make_columns(1, &columns);
	for (int variant = 0; variant < 4; variant++)
	{
		int			count = variant / 2 == 0 ? 4 : 5;	/* dense, and with the words sparse */
		const int32_t *rank = variant % 2 == 0 ? NULL : columns.rank;
		GaeScaler	scaler;
		GaeFeatures features;

		assert_ok(env, gae_scaler_learn(env, columns.all, count, ROWS, rank, NULL, 0, &scaler));
		assert_ok(env, gae_features_build(env, columns.all, count, ROWS, rank, &scaler, &features));
		assert_int_equal(features.form, count == 4 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE);
		assert_int_equal(features.columns, count == 4 ? 9 : 9 + WORDS);
		assert_true(scaler.scale[1] == 0 && scaler.center[2] == 0 && scaler.scale[2] == 1);
		for (int i = 0; i < ROWS; i++)
		{
			int64_t		row = rank != NULL ? rank[i] : i;

			expected_row(&columns, i, x);
			for (int j = 0; j < features.columns; j++)
				assert_near(test_feature(&features, row, j), x[j], 1e-6, 1);
		}
		if (features.form != GAE_FEATURES_SPARSE)
			continue;
		for (int i = 0; i < ROWS; i++)
			for (int64_t e = features.sparse.offset[i] + 1; e < features.sparse.offset[i + 1]; e++)
				assert_true(features.sparse.index[e - 1] < features.sparse.index[e]);
	}
}

/* Triplets of one cell add up to the same whatever their order. */
static void
test_order_of_triplets(void **state)
{
	/* In double the smallest are lost one by one, but not together. */
	static const float value[] = {1, 0x1p-24f, 0x1p-54f, 0x1p-54f, 0x1p-54f, 0x1p-54f};
	static const int32_t zeros[6] = {0};
	GaeEnv	   *env = *state;

	for (int width = 1; width < 100; width += 98)
	{
		float		turned[6];
		GaeFeatureColumn	column = {
			.form = GAE_FEATURE_COLUMN_TRIPLETS, .width = width, .triplets = 6,
			.triplet_row = zeros, .triplet_column = zeros, .triplet_value = value
		};
		GaeScaler	scaler;
		GaeFeatures x;
		GaeFeatures y;

		for (int i = 0; i < 6; i++)
			turned[i] = value[5 - i];
		assert_ok(env, gae_scaler_learn(env, &column, 1, 1, NULL, NULL, 0, &scaler));
		assert_ok(env, gae_features_build(env, &column, 1, 1, NULL, &scaler, &x));
		column.triplet_value = turned;
		assert_ok(env, gae_features_build(env, &column, 1, 1, NULL, &scaler, &y));
		assert_int_equal(x.form, width == 1 ? GAE_FEATURES_DENSE : GAE_FEATURES_SPARSE);
		assert_true(test_feature(&x, 0, 0) == test_feature(&y, 0, 0));
		assert_true(test_feature(&x, 0, 0) >= 1);
	}
}

static void
test_scaler(void **state)
{
	static Columns columns;
	GaeEnv	   *env = *state;
	GaeScaler	scaler;
	GaeReal		x[2] = {(GaeReal) 1.7e9, (GaeReal) 0.1};
	GaeReal		scaled[2];
	GaeReal		back[2];

	make_columns(2, &columns);
	assert_ok(env, gae_scaler_learn(env, columns.all, 2, ROWS, NULL, NULL, 0, &scaler));
	gae_scaler_apply(&scaler, x, scaled);
	gae_scaler_revert(&scaler, scaled, back);
	assert_true(scaled[1] == 0);
	assert_near(back[0], x[0], 1e-6, 0);
	assert_near(back[1], x[1], 1e-6, 0);
}

/* What is held out is not learnt from; parts are those of the rows' final numbers. */
static void
test_scaler_of_part(void **state)
{
	static const double scalar[] = {1, 100, 3, -100};
	static const int32_t rank[] = {3, 0, 1, 2};
	static const uint8_t part[] = {GAE_PART_TEST, GAE_PART_TRAINING, GAE_PART_VALIDATION, GAE_PART_TRAINING};
	GaeFeatureColumn	column = {.form = GAE_FEATURE_COLUMN_SCALAR, .standardise = true, .width = 1, .scalar = scalar};
	GaeScaler	scaler;

	assert_ok(*state, gae_scaler_learn(*state, &column, 1, 4, rank, part, GAE_PART_TRAINING, &scaler));
	assert_near(scaler.center[0], 2, 1e-15, 0);		/* of 1 and 3 */
	assert_near(scaler.scale[0], 1, 1e-15, 0);
}

/* The unit of a column does not matter, down to where squares underflow and numbers lose bits. */
static void
test_scaler_of_tiny_numbers(void **state)
{
	double		values[ROWS];
	double		tiny[ROWS];

	for (int exponent = 0; exponent >= -310; exponent -= 5)
	{
		double		unit = pow(10, exponent);
		double		tolerance = exponent < -290 ? 1e-9 : 1e-14;
		GaeFeatureColumn	column = {.form = GAE_FEATURE_COLUMN_SCALAR, .standardise = true, .width = 1, .scalar = values};
		TestRandom	random = {5};
		GaeScaler	scaler;
		GaeScaler	of_tiny;

		for (int i = 0; i < ROWS; i++)
		{
			values[i] = 3 + test_random_normal(&random);
			tiny[i] = values[i] * unit;
		}
		assert_ok(*state, gae_scaler_learn(*state, &column, 1, ROWS, NULL, NULL, 0, &scaler));
		column.scalar = tiny;
		assert_ok(*state, gae_scaler_learn(*state, &column, 1, ROWS, NULL, NULL, 0, &of_tiny));
		assert_true(of_tiny.scale[0] > 0);
		assert_near(of_tiny.scale[0] / unit, scaler.scale[0], tolerance, 0);
		assert_near(of_tiny.center[0] / unit, scaler.center[0], tolerance, 0);
	}
}

/* Every allocation of the build may fail. */
static void
test_build_without_memory(void **state)
{
	static Columns columns;

	(void) state;
	make_columns(3, &columns);
	for (int count = 4; count <= 5; count++)
	{
		GaeStatus	status = GAE_OUT_OF_MEMORY;

		for (int64_t n = 1; status != GAE_OK; n++)
		{
			GaeEnv	   *env = test_env_create(1);
			GaeScaler	scaler;
			GaeFeatures features;

			test_context(env)->fail_at = n;
			status = gae_scaler_learn(env, columns.all, count, ROWS, NULL, NULL, 0, &scaler);
			if (status == GAE_OK)
				status = gae_features_build(env, columns.all, count, ROWS, NULL, &scaler, &features);
			assert_true(status == GAE_OK || status == GAE_OUT_OF_MEMORY);
			assert_int_equal(status == GAE_OK, test_context(env)->allocations < n);
			test_env_destroy(env);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_build),
		TEST(test_order_of_triplets),
		TEST(test_scaler),
		TEST(test_scaler_of_part),
		TEST(test_scaler_of_tiny_numbers),
		TEST(test_build_without_memory),
	};

	return cmocka_run_group_tests_name("features_build", tests, NULL, NULL);
}
