/*
 * test_vector.c
 *		Products of short rows, by the kernels for every register that this
 *		processor has, against plain loops.
 */
#include <math.h>
#include <stdlib.h>

#include "support.h"
#include "vector.h"

#define MOST_PADDED 48
#define ROWS 40
#define TOLERANCE (sizeof(GaeReal) == 4 ? 3e-6 : 1e-14)

static GaeReal
value_at(int64_t i)
{
	return (GaeReal) sin(0.7 * (double) i + 0.3);
}

static GaeReal *
some_values(GaeEnv *env, int64_t count, int64_t first)
{
	GaeReal    *values = gae_alloc(env, count, sizeof(GaeReal));

	for (int64_t i = 0; i < count; i++)
		values[i] = value_at(first + i);
	return values;
}

/* A group of rows with a panel: scores, and both products with them. */
static void
check_panel(GaeEnv *env, const GaeVectorKernels *kernels, int64_t width, int64_t padded)
{
	int			group = kernels->group;
	GaeReal    *rows = some_values(env, GAE_MAX_GROUP * padded, 1);
	GaeReal    *columns = some_values(env, GAE_PANEL * padded, 1000);
	GaeReal    *panel = gae_alloc(env, width * GAE_PANEL, sizeof(GaeReal));
	GaeReal    *x = gae_alloc(env, GAE_MAX_GROUP * GAE_PANEL, sizeof(GaeReal));
	GaeReal    *d_rows = some_values(env, GAE_MAX_GROUP * padded, 2000);
	GaeReal    *d_rows_again = some_values(env, GAE_MAX_GROUP * padded, 2000);
	GaeReal    *d_columns = some_values(env, GAE_PANEL * padded, 3000);

	for (int64_t c = 0; c < GAE_PANEL; c++)
		for (int64_t k = 0; k < width; k++)
			panel[k * GAE_PANEL + c] = columns[c * padded + k];
	kernels->scores(width, padded, rows, panel, x);
	for (int r = 0; r < group; r++)
		for (int64_t c = 0; c < GAE_PANEL; c++)
		{
			double		sum = 0;

			for (int64_t k = 0; k < width; k++)
				sum += (double) rows[r * padded + k] * columns[c * padded + k];
			assert_near(x[r * GAE_PANEL + c], sum, TOLERANCE, 10);
		}

	kernels->fold(padded, x, columns, d_rows);
	kernels->fold_both(padded, x, rows, columns, d_rows_again, d_columns);
	for (int r = 0; r < group; r++)
		for (int64_t k = 0; k < padded; k++)
		{
			double		sum = value_at(2000 + r * padded + k);

			for (int64_t c = 0; c < GAE_PANEL; c++)
				sum += (double) x[r * GAE_PANEL + c] * columns[c * padded + k];
			assert_near(d_rows[r * padded + k], sum, TOLERANCE, 10);
			assert_true(d_rows_again[r * padded + k] == d_rows[r * padded + k]);
		}
	for (int64_t c = 0; c < GAE_PANEL; c++)
		for (int64_t k = 0; k < padded; k++)
		{
			double		sum = value_at(3000 + c * padded + k);

			for (int r = 0; r < group; r++)
				sum += (double) x[r * GAE_PANEL + c] * rows[r * padded + k];
			assert_near(d_columns[c * padded + k], sum, TOLERANCE, 10);
		}
}

static void
test_panels(void **state)
{
	const GaeVectorKernels *kernels;

	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
		for (int64_t width = 1; width <= MOST_PADDED; width += width < 5 ? 1 : 7)
			check_panel(*state, kernels, width,
						(width + GAE_VECTOR_PADDING - 1) / GAE_VECTOR_PADDING * GAE_VECTOR_PADDING);
}

/* Rows gathered from anywhere, of every length up to beyond several registers. */
static void
test_gathered_rows(void **state)
{
	GaeEnv	   *env = *state;
	const GaeVectorKernels *kernels;
	int32_t		index[ROWS];

	for (int k = 0; k < ROWS; k++)
		index[k] = k * 17 % ROWS;
	for (int number = 0; (kernels = gae_vector_kernels_number(number)) != NULL; number++)
		for (int64_t n = 1; n <= 150; n++)
			for (int count = 0; count <= ROWS; count += 13)
			{
				int64_t		stride = n + number;
				GaeReal    *b = some_values(env, ROWS * stride, 1);
				GaeReal    *own = some_values(env, n, 500);
				GaeReal    *value = some_values(env, ROWS, 700);
				GaeReal    *out = some_values(env, n + 1, 900);
				GaeReal		x[ROWS];

				kernels->add_rows(count, ROWS, index, value, n, stride, b, out);
				for (int64_t j = 0; j < n; j++)
				{
					double		sum = value_at(900 + j);

					for (int k = 0; k < count; k++)
						sum += (double) value[k] * b[index[k] * stride + j];
					assert_near(out[j], sum, TOLERANCE, 10);
				}
				assert_true(out[n] == value_at(900 + n));

				kernels->dot_rows(count, count, index, own, n, stride, b, x);
				for (int k = 0; k < count; k++)
				{
					double		sum = 0;

					for (int64_t j = 0; j < n; j++)
						sum += (double) own[j] * b[index[k] * stride + j];
					assert_near(x[k], sum, TOLERANCE, 10);
				}
				gae_free(env, b);
				gae_free(env, own);
				gae_free(env, value);
				gae_free(env, out);
			}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_panels),
		TEST(test_gathered_rows),
	};

	return cmocka_run_group_tests_name("vector", tests, NULL, NULL);
}
