/*
 * test_features_build.c
 *		X from columns.
 */
#include <math.h>
#include <string.h>

#include "core/features/features_build.h"
#include "core/features/scaler_learn.h"
#include "support.h"

#define ROWS 37
#define WORDS 90
#define TRIPLETS 100

/* Features of all columns, and of those before the words. */
#define FEATURES (9 + WORDS)

/* One of each form of column, with unknown, missing and repeated values. */
typedef struct Columns
{
	double		scalar[ROWS];
	double		constant[ROWS];
	float		array[ROWS * 3];
	int32_t		category[ROWS];
	int32_t		row[TRIPLETS];
	int32_t		column[TRIPLETS];
	float		value[TRIPLETS];
	int32_t		rank[ROWS];
	GaeFeatureColumn all[5];
} Columns;

static const GaeLearningRows in_order = {.rows = ROWS};

static void
make_columns(uint64_t seed, bool missing, Columns *c)
{
	TestRandom	random = {seed};

	for (int i = 0; i < ROWS; i++)
	{
		c->scalar[i] = missing && i % 7 == 1 ? NAN : 1.7e9 + 100 * test_random_normal(&random);
		c->constant[i] = 0.1;
		for (int j = 0; j < 3; j++)
			c->array[3 * i + j] = missing && (i + j) % 9 == 1 ? NAN
				: (float) (test_random_below(&random, 3) - 1);
		c->category[i] = missing && i % 5 == 2 ? GAE_CATEGORY_MISSING
			: (int32_t) test_random_below(&random, 5) - 1;
		c->rank[i] = (i * 10 + 3) % ROWS;
	}
	for (int i = 0; i < TRIPLETS; i++)
	{
		c->row[i] = (int32_t) test_random_below(&random, missing ? ROWS - 3 : ROWS);
		c->column[i] = (int32_t) test_random_below(&random, i % 2 == 0 ? 4 : WORDS);
		c->value[i] = missing && i % 11 == 3 ? NAN : (float) test_random_normal(&random);
	}
	c->all[0] = (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_SCALAR, .scaling = GAE_SCALING_STANDARD, .width = 1, .scalar = c->scalar
	};
	c->all[1] = (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_SCALAR, .scaling = GAE_SCALING_STANDARD, .width = 1, .scalar = c->constant
	};
	c->all[2] = (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_ARRAY, .scaling = GAE_SCALING_STANDARD, .width = 3, .array = c->array
	};
	c->all[3] = (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_CATEGORY, .width = 4, .category = c->category};
	c->all[4] = (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_CELLS, .scaling = GAE_SCALING_ROOT_MEAN_SQUARE, .width = WORDS
	};
}

static void
make_cells(GaeEnv *env, const int32_t *rank, Columns *c, GaeFeatureCells *cells)
{
	GaeTriplets triplets = {TRIPLETS, c->row, c->column, c->value};

	assert_ok(env, gae_feature_cells_make(env, &triplets, ROWS, rank, cells));
	c->all[4].cells = cells;
}

static void
expect_numbers(const Columns *c, int i, double *x)
{
	double		mean = 0;
	double		variance = 0;
	int			known = 0;

	for (int r = 0; r < ROWS; r++)
		known += !isnan(c->scalar[r]);
	for (int r = 0; r < ROWS; r++)
		mean += isnan(c->scalar[r]) ? 0 : c->scalar[r] / known;
	for (int r = 0; r < ROWS; r++)
		variance += isnan(c->scalar[r]) ? 0 : (c->scalar[r] - mean) * (c->scalar[r] - mean) / known;
	x[0] = isnan(c->scalar[i]) ? 0 : (c->scalar[i] - mean) / sqrt(variance);
	for (int j = 0; j < 3; j++)
	{
		known = 0;
		mean = 0;
		for (int r = 0; r < ROWS; r++)
			known += !isnan(c->array[3 * r + j]);
		for (int r = 0; r < ROWS; r++)
			mean += isnan(c->array[3 * r + j]) ? 0 : c->array[3 * r + j] / (double) known;
		x[2 + j] = isnan(c->array[3 * i + j]) ? mean : c->array[3 * i + j];
	}
}

static void
expect_category(const Columns *c, int i, double *x)
{
	int			known = 0;

	if (c->category[i] >= 0)
		x[5 + c->category[i]] = 1;
	if (c->category[i] != GAE_CATEGORY_MISSING)
		return;
	for (int r = 0; r < ROWS; r++)
		known += c->category[r] != GAE_CATEGORY_MISSING;
	for (int r = 0; r < ROWS; r++)
		if (c->category[r] >= 0)
			x[5 + c->category[r]] += 1.0 / known;
}

/* The sum of the triplets of a cell; NaN if there are none, or all are missing. */
static double
word_value(const Columns *c, int i, int word)
{
	double		sum = NAN;

	for (int t = 0; t < TRIPLETS; t++)
		if (c->row[t] == i && c->column[t] == word && !isnan(c->value[t]))
			sum = (isnan(sum) ? 0 : sum) + c->value[t];
	return sum;
}

static bool
word_given(const Columns *c, int i, int word)
{
	bool		given = false;

	for (int t = 0; t < TRIPLETS; t++)
		given |= c->row[t] == i && (word < 0 || c->column[t] == word);
	return given;
}

static void
expect_words(const Columns *c, int i, double *x)
{
	for (int word = 0; word < WORDS; word++)
	{
		double		mean = 0;
		double		square = 0;
		int			known = 0;
		double		value = word_value(c, i, word);

		for (int r = 0; r < ROWS; r++)
		{
			double		other = word_value(c, r, word);

			if (isnan(other))
				continue;
			mean += other;
			square += other * other;
			known++;
		}
		if (known > 0 && word_given(c, i, word))
			x[9 + word] = (isnan(value) ? mean / known : value) / sqrt(square / known);
	}
}

/* What row i of X should be; the indicators follow the features. */
static void
expected_row(const Columns *c, int i, bool words, double *x)
{
	int			next = words ? FEATURES : 9;
	bool		in_array = false;

	memset(x, 0, (FEATURES + 4) * sizeof(double));
	expect_numbers(c, i, x);
	expect_category(c, i, x);
	if (words)
		expect_words(c, i, x);
	x[next++] = isnan(c->scalar[i]);
	for (int j = 0; j < 3; j++)
		in_array |= isnan(c->array[3 * i + j]);
	x[next++] = in_array;
	x[next++] = c->category[i] == GAE_CATEGORY_MISSING;
	if (words)
		x[next++] = !word_given(c, i, -1);
}

static void
check_sorted(const GaeCsr *csr)
{
	for (int i = 0; i < csr->rows; i++)
		for (int64_t e = csr->offset[i] + 1; e < csr->offset[i + 1]; e++)
			assert_true(csr->index[e - 1] < csr->index[e]);
}

/* Dense, and with the words sparse; with all values, and with some missing. */
static void
check_build(GaeEnv *env, bool words, bool missing, bool ordered)
{
	static Columns columns;
	int			count = words ? 5 : 4;
	int			features = words ? FEATURES : 9;
	GaeLearningRows from = in_order;
	GaeFeatureCells cells;
	GaeScaler	scaler;
	GaeFeatures x;
	double		expected[FEATURES + 4];

	make_columns(1, missing, &columns);
	from.rank = ordered ? NULL : columns.rank;
	make_cells(env, from.rank, &columns, &cells);
	assert_ok(env, gae_scaler_learn(env, columns.all, count, &from, &scaler));
	assert_ok(env, gae_features_build(env, columns.all, count, ROWS, from.rank, &scaler, &x));
	assert_int_equal(scaler.columns, features);
	assert_int_equal(x.form, words ? GAE_FEATURES_SPARSE : GAE_FEATURES_DENSE);
	assert_int_equal(x.columns, features + (missing ? count - 1 : words ? 1 : 0));
	assert_false(columns.all[1].indicator);
	for (int i = 0; i < ROWS; i++)
	{
		expected_row(&columns, i, words, expected);
		if (words && !missing)
			expected[FEATURES] = !word_given(&columns, i, -1);	/* the only indicator */
		for (int j = 0; j < x.columns; j++)
			assert_near(test_feature(&x, ordered ? i : columns.rank[i], j), expected[j], 1e-6, 1);
	}
	if (words)
		check_sorted(&x.sparse);
}

static void
test_build(void **state)
{
	for (int variant = 0; variant < 8; variant++)
		check_build(*state, variant & 1, variant & 2, variant & 4);
}

/* A column without any missing value in training has no indicator; later, the mean stands for it. */
static void
test_missing_later(void **state)
{
	double		value[] = {2, 4};
	double		later[] = {NAN, 4};
	GaeEnv	   *env = *state;
	GaeFeatureColumn column = {
		.form = GAE_FEATURE_COLUMN_SCALAR, .scaling = GAE_SCALING_STANDARD, .width = 1, .scalar = value
	};
	GaeLearningRows from = {.rows = 2};
	GaeScaler	scaler;
	GaeFeatures x;

	assert_ok(env, gae_scaler_learn(env, &column, 1, &from, &scaler));
	column.scalar = later;
	assert_ok(env, gae_features_build(env, &column, 1, 2, NULL, &scaler, &x));
	assert_int_equal(x.columns, 1);
	assert_true(x.dense[0] == 0 && x.dense[1] == 1);
}

/* Triplets of one cell add up to the same whatever their order. */
static void
test_order_of_triplets(void **state)
{
	/* In double the smallest are lost one by one, but not together. */
	static const float value[] = {1, 0x1p-24f, 0x1p-54f, 0x1p-54f, 0x1p-54f, 0x1p-54f, NAN};
	static const int32_t zeros[7] = {0};
	GaeEnv	   *env = *state;
	float		turned[7];
	GaeTriplets triplets = {7, zeros, zeros, value};
	GaeFeatureCells cells;
	GaeFeatureCells of_turned;

	for (int i = 0; i < 7; i++)
		turned[i] = value[6 - i];
	assert_ok(env, gae_feature_cells_make(env, &triplets, 1, NULL, &cells));
	triplets.value = turned;
	assert_ok(env, gae_feature_cells_make(env, &triplets, 1, NULL, &of_turned));
	assert_int_equal(cells.count, 1);
	assert_true(cells.cell[0].value == of_turned.cell[0].value);
	assert_true(gae_cell_value(&cells.cell[0]) > 1);
}

/* A row all of whose features are left out is given; one without triplets is not. */
static void
test_rows_given(void **state)
{
	static const int32_t row[] = {2, 0};
	static const int32_t column[] = {-1, 0};
	static const float value[] = {1, 1};
	GaeTriplets triplets = {2, row, column, value};
	GaeFeatureCells cells;

	assert_ok(*state, gae_feature_cells_make(*state, &triplets, 3, NULL, &cells));
	assert_int_equal(cells.count, 1);
	assert_true(cells.row_given[0] && !cells.row_given[1] && cells.row_given[2]);
}

/* Every allocation of the build may fail. */
static void
test_build_without_memory(void **state)
{
	static Columns columns;

	(void) state;
	make_columns(3, true, &columns);
	for (int count = 4; count <= 5; count++)
	{
		GaeStatus	status = GAE_OUT_OF_MEMORY;

		for (int64_t n = 1; status != GAE_OK; n++)
		{
			GaeEnv	   *env = test_env_create(1);
			GaeTriplets triplets = {TRIPLETS, columns.row, columns.column, columns.value};
			GaeLearningRows from = {.rows = ROWS, .rank = columns.rank};
			GaeFeatureCells cells;
			GaeScaler	scaler;
			GaeFeatures features;

			test_context(env)->fail_at = n;
			columns.all[4].cells = &cells;
			status = gae_feature_cells_make(env, &triplets, ROWS, columns.rank, &cells);
			if (status == GAE_OK)
				status = gae_scaler_learn(env, columns.all, count, &from, &scaler);
			if (status == GAE_OK)
				status = gae_features_build(env, columns.all, count, ROWS, columns.rank, &scaler, &features);
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
		TEST(test_missing_later),
		TEST(test_order_of_triplets),
		TEST(test_rows_given),
		TEST(test_build_without_memory),
	};

	return cmocka_run_group_tests_name("features_build", tests, NULL, NULL);
}
