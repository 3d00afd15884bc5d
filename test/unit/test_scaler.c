/*
 * test_scaler.c
 *		How features are brought to scale: learnt, applied and undone.
 */
#include <math.h>
#include <string.h>

#include "core/features/scaler_learn.h"
#include "core/graph/split.h"
#include "support.h"

#define ROWS 37

static GaeFeatureColumn
scalar_column(const double *value)
{
	return (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_SCALAR, .scaling = GAE_SCALING_STANDARD, .width = 1, .scalar = value
	};
}

static GaeFeatureColumn
array_column(const float *value, int64_t width)
{
	return (GaeFeatureColumn) {
		.form = GAE_FEATURE_COLUMN_ARRAY, .scaling = GAE_SCALING_STANDARD, .width = width, .array = value
	};
}

static GaeFeatureColumn
category_column(const int32_t *category, int64_t width)
{
	return (GaeFeatureColumn) {.form = GAE_FEATURE_COLUMN_CATEGORY, .width = width, .category = category};
}

/* Learn one column of "rows" rows, in order. */
static void
learn(GaeEnv *env, GaeFeatureColumn *column, int64_t rows, const uint8_t *part, GaeScaler *scaler)
{
	GaeLearningRows from = {.rows = rows, .part = part, .last_part = GAE_PART_TRAINING};

	assert_ok(env, gae_scaler_learn(env, column, 1, &from, scaler));
}

static void
test_there_and_back(void **state)
{
	double		scalar[ROWS];
	double		constant[ROWS];
	GaeFeatureColumn columns[2] = {scalar_column(scalar), scalar_column(constant)};
	GaeLearningRows from = {.rows = ROWS};
	TestRandom	random = {2};
	GaeScaler	scaler;
	GaeReal		x[2] = {(GaeReal) 1.7e9, 5};
	GaeReal		missing[2] = {NAN, NAN};
	GaeReal		scaled[2];
	GaeReal		back[2];

	for (int i = 0; i < ROWS; i++)
	{
		scalar[i] = 1.7e9 + 100 * test_random_normal(&random);
		constant[i] = 0.1;
	}
	assert_ok(*state, gae_scaler_learn(*state, columns, 2, &from, &scaler));
	gae_scaler_apply(&scaler, x, scaled);
	gae_scaler_revert(&scaler, scaled, back);
	assert_true(scaled[1] == 0);
	assert_near(back[0], x[0], 1e-6, 0);
	assert_true(back[1] == (GaeReal) 0.1);		/* what it was in training */
	gae_scaler_apply(&scaler, missing, scaled);
	assert_true(scaled[0] == 0 && scaled[1] == 0);
}

/* What is held out is not learnt from; parts are those of the rows' final numbers. */
static void
test_part(void **state)
{
	static const double scalar[] = {1, 100, 3, -100};
	static const int32_t rank[] = {3, 0, 1, 2};
	static const uint8_t part[] = {GAE_PART_TEST, GAE_PART_TRAINING, GAE_PART_VALIDATION, GAE_PART_TRAINING};
	GaeFeatureColumn column = scalar_column(scalar);
	GaeLearningRows from = {.rows = 4, .rank = rank, .part = part, .last_part = GAE_PART_TRAINING};
	GaeScaler	scaler;

	assert_ok(*state, gae_scaler_learn(*state, &column, 1, &from, &scaler));
	assert_near(scaler.mean[0], 2, 1e-15, 0);	/* of 1 and 3 */
	assert_near(scaler.deviation[0], 1, 1e-15, 0);
}

/* The unit of a column does not matter, down to where squares underflow and numbers lose bits. */
static void
test_tiny_numbers(void **state)
{
	double		values[ROWS];
	double		tiny[ROWS];

	for (int exponent = 0; exponent >= -310; exponent -= 5)
	{
		double		unit = pow(10, exponent);
		double		tolerance = exponent < -290 ? 1e-9 : 1e-14;
		GaeFeatureColumn column = scalar_column(values);
		GaeFeatureColumn tiny_column = scalar_column(tiny);
		TestRandom	random = {5};
		GaeScaler	scaler;
		GaeScaler	of_tiny;

		for (int i = 0; i < ROWS; i++)
		{
			values[i] = 3 + test_random_normal(&random);
			tiny[i] = values[i] * unit;
		}
		learn(*state, &column, ROWS, NULL, &scaler);
		learn(*state, &tiny_column, ROWS, NULL, &of_tiny);
		assert_int_equal(of_tiny.scaling[0], GAE_SCALING_STANDARD);
		assert_near(of_tiny.deviation[0] / unit, scaler.deviation[0], tolerance, 0);
		assert_near(of_tiny.mean[0] / unit, scaler.mean[0], tolerance, 0);
	}
}

/* An array is standardised as a whole if one of its values lies outside [-1, 1]. */
static void
test_arrays(void **state)
{
	float		value[] = {1, -1, 5, 0.5f, 0, 5, 0, 0.5f, 5};
	GaeFeatureColumn column = array_column(value, 3);
	GaeScaler	scaler;

	learn(*state, &column, 3, NULL, &scaler);
	assert_int_equal(scaler.scaling[0], GAE_SCALING_STANDARD);
	assert_int_equal(scaler.scaling[1], GAE_SCALING_STANDARD);
	assert_int_equal(scaler.scaling[2], GAE_SCALING_CONSTANT);
	assert_true(scaler.mean[2] == 5 && scaler.deviation[2] == 0);
	value[2] = value[5] = value[8] = 1;
	learn(*state, &column, 3, NULL, &scaler);
	assert_int_equal(scaler.scaling[0], GAE_SCALING_NONE);
	assert_int_equal(scaler.scaling[1], GAE_SCALING_NONE);
	assert_int_equal(scaler.scaling[2], GAE_SCALING_CONSTANT);
	assert_near(scaler.mean[0], 0.5, 1e-15, 0);
	assert_near(scaler.deviation[0], sqrt(1.0 / 6), 1e-14, 0);
	assert_false(column.indicator);

	/* Missing elements: the mean of the others, and an indicator unless every row misses one. */
	value[0] = NAN;
	learn(*state, &column, 3, NULL, &scaler);
	assert_near(scaler.mean[0], 0.25, 1e-15, 0);
	assert_true(column.indicator);
	column.indicator = false;
	value[4] = value[6] = NAN;
	learn(*state, &column, 3, NULL, &scaler);
	assert_false(column.indicator);
}

/* A category's mean is its frequency; a column with one category alone is constant. */
static void
test_categories(void **state)
{
	static const uint8_t part[] = {
		GAE_PART_TRAINING, GAE_PART_TRAINING, GAE_PART_TRAINING, GAE_PART_TRAINING, GAE_PART_TEST
	};
	int32_t		category[] = {0, 1, 0, GAE_CATEGORY_MISSING, 2};
	GaeFeatureColumn column = category_column(category, 3);
	GaeScaler	scaler;

	learn(*state, &column, 5, part, &scaler);
	assert_near(scaler.mean[0], 2.0 / 3, 1e-15, 0);
	assert_near(scaler.deviation[0], sqrt(2.0 / 9), 1e-14, 0);
	for (int j = 0; j < 3; j++)
		assert_int_equal(scaler.scaling[j], GAE_SCALING_NONE);
	assert_true(scaler.mean[2] == 0);	/* only held-out rows have it */
	assert_true(column.indicator);
	category[1] = 0;
	learn(*state, &column, 5, part, &scaler);
	for (int j = 0; j < 3; j++)
		assert_int_equal(scaler.scaling[j], GAE_SCALING_CONSTANT);
	assert_true(scaler.mean[0] == 1 && scaler.mean[1] == 0);
}

/* Of sparse features: the values other than 0, and all rows where the training has none. */
static void
test_cells(void **state)
{
	static const uint8_t part[] = {GAE_PART_TRAINING, GAE_PART_TRAINING, GAE_PART_TRAINING, GAE_PART_TEST};
	static const struct
	{
		int32_t		row;
		int32_t		column;
		float		value;
	} given[] = {
		{0, 0, 1}, {1, 0, 1}, {3, 0, 7},	/* all 1 where it is learnt from */
		{0, 1, 3}, {1, 1, -4}, {2, 1, 0},	/* root mean square √12.5 */
		{3, 2, -6},							/* held out alone */
		{0, 3, 2}, {1, 3, NAN}, {2, 3, 2}, {3, 3, 9},	/* the same in all that are learnt from */
		{1, 4, 0}, {2, 5, NAN},				/* nothing */
	};
	static const GaeScaling scaling[] = {
		GAE_SCALING_ROOT_MEAN_SQUARE, GAE_SCALING_ROOT_MEAN_SQUARE, GAE_SCALING_ROOT_MEAN_SQUARE,
		GAE_SCALING_CONSTANT, GAE_SCALING_CONSTANT, GAE_SCALING_CONSTANT
	};
	static const double mean[] = {1, -0.5, -6, 2, 0, 0};
	static const double scale[] = {1, 3.5355339059327378, 6, 0, 0, 0};
	int			count = sizeof(given) / sizeof(given[0]);
	int32_t		row[sizeof(given) / sizeof(given[0])];
	int32_t		column_of[sizeof(given) / sizeof(given[0])];
	float		value[sizeof(given) / sizeof(given[0])];
	GaeTriplets triplets = {count, row, column_of, value};
	GaeFeatureCells cells;
	GaeFeatureColumn column = {
		.form = GAE_FEATURE_COLUMN_CELLS, .scaling = GAE_SCALING_ROOT_MEAN_SQUARE, .width = 6, .cells = &cells
	};
	GaeScaler	scaler;

	for (int i = 0; i < count; i++)
	{
		row[i] = given[i].row;
		column_of[i] = given[i].column;
		value[i] = given[i].value;
	}
	assert_ok(*state, gae_feature_cells_make(*state, &triplets, 4, NULL, &cells));
	learn(*state, &column, 4, part, &scaler);
	for (int j = 0; j < 6; j++)
	{
		assert_int_equal(scaler.scaling[j], scaling[j]);
		assert_near(scaler.mean[j], mean[j], 1e-15, 0);
		assert_near(gae_scaler_scale(&scaler, j), scale[j], 1e-15, 0);
	}
	assert_true(gae_scaler_scale(&scaler, 0) == 1);		/* exactly */
	assert_true(gae_scaled(&scaler, 1, NAN) == (GaeReal) (-0.5 / sqrt(12.5)));
	assert_false(column.indicator);
}

/* Ones stay ones whatever their number, and nothing is left out where it must not be. */
static void
test_ones(void **state)
{
	static int32_t row[1000];
	static int32_t zeros[1000];
	static float value[1000];
	GaeTriplets triplets = {0, row, zeros, value};

	for (int i = 0; i < 1000; i++)
	{
		row[i] = i;
		value[i] = 1;
	}
	for (triplets.count = 1; triplets.count <= 1000; triplets.count += 37)
		for (int keep = 0; keep < 2; keep++)
		{
			GaeFeatureCells cells;
			GaeFeatureColumn column = {
				.form = GAE_FEATURE_COLUMN_CELLS, .scaling = GAE_SCALING_ROOT_MEAN_SQUARE, .width = 1,
				.cells = &cells, .keep_constant = keep
			};
			int64_t		rows = triplets.count + 1 - keep;
			GaeScaler	scaler;

			assert_ok(*state, gae_feature_cells_make(*state, &triplets, rows, NULL, &cells));
			learn(*state, &column, rows, NULL, &scaler);
			assert_int_equal(scaler.scaling[0], GAE_SCALING_ROOT_MEAN_SQUARE);
			assert_true(gae_scaled(&scaler, 0, 1) == 1);
			assert_int_equal(column.indicator, !keep);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_there_and_back),
		TEST(test_part),
		TEST(test_tiny_numbers),
		TEST(test_arrays),
		TEST(test_categories),
		TEST(test_cells),
		TEST(test_ones),
	};

	return cmocka_run_group_tests_name("scaler", tests, NULL, NULL);
}
