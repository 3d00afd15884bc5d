/*
 * vector_kernel.h
 *		The functions of vector.h for one kind of vector register: included once for
 *		each, with
 *
 *		KERNEL(name)	the function's name
 *		VECTOR_BYTES	size of a register
 *		GROUP			rows of a group: 2 · GROUP sums, and what is multiplied, must
 *						fit the registers
 */

/* A register's values, at any address. */
typedef GaeReal KERNEL(Vector) __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(GaeReal)), may_alias));

#define Vector KERNEL(Vector)
#define LANES ((int64_t) (VECTOR_BYTES / sizeof(GaeReal)))

static void
KERNEL(scores) (int64_t width, int64_t padded, const GaeReal *rows, const GaeReal *panel, GaeReal *x)
{
	for (int64_t c = 0; c < GAE_PANEL; c += 2 * LANES)
	{
		Vector		sum[GROUP][2] = {{{0}}};

		for (int64_t k = 0; k < width; k++)
		{
			Vector		first = *(const Vector *) (panel + k * GAE_PANEL + c);
			Vector		second = *(const Vector *) (panel + k * GAE_PANEL + c + LANES);

#pragma GCC unroll 8
			for (int r = 0; r < GROUP; r++)
			{
				sum[r][0] += rows[r * padded + k] * first;
				sum[r][1] += rows[r * padded + k] * second;
			}
		}
#pragma GCC unroll 8
		for (int r = 0; r < GROUP; r++)
		{
			*(Vector *) (x + r * GAE_PANEL + c) = sum[r][0];
			*(Vector *) (x + r * GAE_PANEL + c + LANES) = sum[r][1];
		}
	}
}

static void
KERNEL(fold) (int64_t padded, const GaeReal *x, const GaeReal *columns, GaeReal *d_rows)
{
	for (int64_t j = 0; j < padded; j += LANES)
	{
		Vector		sum[GROUP];

#pragma GCC unroll 8
		for (int r = 0; r < GROUP; r++)
			sum[r] = *(const Vector *) (d_rows + r * padded + j);
		for (int64_t c = 0; c < GAE_PANEL; c++)
		{
			Vector		column = *(const Vector *) (columns + c * padded + j);

#pragma GCC unroll 8
			for (int r = 0; r < GROUP; r++)
				sum[r] += x[r * GAE_PANEL + c] * column;
		}
#pragma GCC unroll 8
		for (int r = 0; r < GROUP; r++)
			*(Vector *) (d_rows + r * padded + j) = sum[r];
	}
}

static void
KERNEL(fold_both) (int64_t padded, const GaeReal *x, const GaeReal *rows, const GaeReal *columns,
				   GaeReal *d_rows, GaeReal *d_columns)
{
	for (int64_t j = 0; j < padded; j += LANES)
	{
		Vector		row[GROUP];
		Vector		sum[GROUP];

#pragma GCC unroll 8
		for (int r = 0; r < GROUP; r++)
		{
			row[r] = *(const Vector *) (rows + r * padded + j);
			sum[r] = *(const Vector *) (d_rows + r * padded + j);
		}
		for (int64_t c = 0; c < GAE_PANEL; c++)
		{
			Vector		column = *(const Vector *) (columns + c * padded + j);
			Vector		d_column = *(const Vector *) (d_columns + c * padded + j);

#pragma GCC unroll 8
			for (int r = 0; r < GROUP; r++)
			{
				sum[r] += x[r * GAE_PANEL + c] * column;
				d_column += x[r * GAE_PANEL + c] * row[r];
			}
			*(Vector *) (d_columns + c * padded + j) = d_column;
		}
#pragma GCC unroll 8
		for (int r = 0; r < GROUP; r++)
			*(Vector *) (d_rows + r * padded + j) = sum[r];
	}
}

/* add_rows for the columns from j on that so many registers hold. */
GAE_INLINE void
KERNEL(add_columns) (int64_t count, const int32_t *index, const GaeReal *value,
					 int64_t ahead, int64_t stride, const GaeReal *b,
					 const int vectors, int64_t j, GaeReal *out)
{
	Vector		sum[4];

#pragma GCC unroll 4
	for (int v = 0; v < vectors; v++)
		sum[v] = *(const Vector *) (out + j + v * LANES);
	for (int64_t k = 0; k < count; k++)
	{
		const GaeReal *row = b + index[k] * stride + j;

		if (k < ahead)
		{
			const GaeReal *next = b + index[k + GAE_PREFETCH_ENTRIES] * stride + j;

#pragma GCC unroll 4
			for (int v = 0; v < vectors; v++)
				__builtin_prefetch(next + v * LANES);
		}
#pragma GCC unroll 4
		for (int v = 0; v < vectors; v++)
			sum[v] += value[k] * *(const Vector *) (row + v * LANES);
	}
#pragma GCC unroll 4
	for (int v = 0; v < vectors; v++)
		*(Vector *) (out + j + v * LANES) = sum[v];
}

static void
KERNEL(add_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *value,
				  int64_t n, int64_t stride, const GaeReal *b, GaeReal *out)
{
	int64_t		ahead = known - GAE_PREFETCH_ENTRIES;
	int64_t		j = 0;

	for (; j + 4 * LANES <= n; j += 4 * LANES)
		KERNEL(add_columns) (count, index, value, ahead, stride, b, 4, j, out);
	if (j + 2 * LANES <= n)
	{
		KERNEL(add_columns) (count, index, value, ahead, stride, b, 2, j, out);
		j += 2 * LANES;
	}
	if (j + LANES <= n)
	{
		KERNEL(add_columns) (count, index, value, ahead, stride, b, 1, j, out);
		j += LANES;
	}
	for (; j < n; j++)
	{
		GaeReal		sum = out[j];

		for (int64_t k = 0; k < count; k++)
			sum += value[k] * b[index[k] * stride + j];
		out[j] = sum;
	}
}

static void
KERNEL(dot_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *own,
				  int64_t n, int64_t stride, const GaeReal *b, GaeReal *x)
{
	int64_t		ahead = known - GAE_PREFETCH_ENTRIES;

	for (int64_t k = 0; k < count; k++)
	{
		const GaeReal *row = b + index[k] * stride;
		Vector		sum = {0};
		GaeReal		lane[VECTOR_BYTES / sizeof(GaeReal)];
		GaeReal		rest = 0;
		int64_t		j = 0;

		if (k < ahead)
			gae_prefetch_row(b + index[k + GAE_PREFETCH_ENTRIES] * stride, n);
		for (; j + LANES <= n; j += LANES)
			sum += *(const Vector *) (own + j) * *(const Vector *) (row + j);
		for (; j < n; j++)
			rest += own[j] * row[j];
		memcpy(lane, &sum, sizeof(lane));
#pragma GCC unroll 4
		for (int64_t half = LANES / 2; half > 0; half /= 2)
			for (int64_t l = 0; l < half; l++)
				lane[l] += lane[l + half];
		x[k] = lane[0] + rest;
	}
}

static const GaeVectorKernels KERNEL(kernels) = {
	.group = GROUP,
	.scores = KERNEL(scores),
	.fold = KERNEL(fold),
	.fold_both = KERNEL(fold_both),
	.add_rows = KERNEL(add_rows),
	.dot_rows = KERNEL(dot_rows)
};

#undef Vector
#undef LANES
#undef KERNEL
#undef VECTOR_BYTES
#undef GROUP
