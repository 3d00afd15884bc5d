/*
 * vector_kernel.h
 *		The functions of vector.h for one size of vector register.  vector.c includes this
 *		file once for each size, with
 *
 *		KERNEL(name)	the name of a function for this size
 *		VECTOR_TARGET	an attribute that chooses the instruction set, or nothing
 *		VECTOR_BYTES	bytes of a register
 *		GROUP			row vectors of a group: 2 · GROUP sums, two registers of columns and
 *						one of a broadcast value must fit the registers
 *
 * GAE_VECTORISED, which compiles one function for several targets, is not enough here: the
 * number and the size of the registers decide how much is kept in them at once.
 */

/* The values of a register, which may lie at any address of a GaeReal. */
typedef GaeReal KERNEL(Vector) __attribute__((vector_size(VECTOR_BYTES),
											  aligned(sizeof(GaeReal)), may_alias));
typedef RealBits KERNEL(Bits) __attribute__((vector_size(VECTOR_BYTES)));

#define Vector KERNEL(Vector)
#define Bits KERNEL(Bits)
#define LANES ((int64_t) (VECTOR_BYTES / sizeof(GaeReal)))

VECTOR_TARGET static void
KERNEL(scores) (int64_t width, int64_t padded, const GaeReal *rows,
				const GaeReal *columns_transposed, GaeReal *x)
{
	for (int64_t c = 0; c < GAE_LOSS_TILE; c += 2 * LANES)
	{
		Vector		sum[GROUP][2] = {{{0}}};

		for (int64_t k = 0; k < width; k++)
		{
			const GaeReal *column = columns_transposed + k * GAE_LOSS_TILE + c;
			Vector		first = *(const Vector *) column;
			Vector		second = *(const Vector *) (column + LANES);

			UNROLLED
			for (int r = 0; r < GROUP; r++)
			{
				sum[r][0] += rows[r * padded + k] * first;
				sum[r][1] += rows[r * padded + k] * second;
			}
		}
		UNROLLED
		for (int r = 0; r < GROUP; r++)
		{
			*(Vector *) (x + r * GAE_LOSS_TILE + c) = sum[r][0];
			*(Vector *) (x + r * GAE_LOSS_TILE + c + LANES) = sum[r][1];
		}
	}
}

VECTOR_TARGET static void
KERNEL(fold) (int64_t padded, const GaeReal *x, const GaeReal *columns, GaeReal *d_rows)
{
	for (int64_t j = 0; j < padded; j += LANES)
	{
		Vector		sum[GROUP];

		UNROLLED
		for (int r = 0; r < GROUP; r++)
			sum[r] = *(const Vector *) (d_rows + r * padded + j);
		for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
		{
			Vector		column = *(const Vector *) (columns + c * padded + j);

			UNROLLED
			for (int r = 0; r < GROUP; r++)
				sum[r] += x[r * GAE_LOSS_TILE + c] * column;
		}
		UNROLLED
		for (int r = 0; r < GROUP; r++)
			*(Vector *) (d_rows + r * padded + j) = sum[r];
	}
}

VECTOR_TARGET static void
KERNEL(fold_both) (int64_t padded, const GaeReal *x, const GaeReal *rows, const GaeReal *columns,
				   GaeReal *d_rows, GaeReal *d_columns)
{
	for (int64_t j = 0; j < padded; j += LANES)
	{
		Vector		row[GROUP];
		Vector		sum[GROUP];

		UNROLLED
		for (int r = 0; r < GROUP; r++)
		{
			row[r] = *(const Vector *) (rows + r * padded + j);
			sum[r] = *(const Vector *) (d_rows + r * padded + j);
		}
		for (int64_t c = 0; c < GAE_LOSS_TILE; c++)
		{
			Vector		column = *(const Vector *) (columns + c * padded + j);
			Vector		d_column = *(const Vector *) (d_columns + c * padded + j);

			UNROLLED
			for (int r = 0; r < GROUP; r++)
			{
				sum[r] += x[r * GAE_LOSS_TILE + c] * column;
				d_column += x[r * GAE_LOSS_TILE + c] * row[r];
			}
			*(Vector *) (d_columns + c * padded + j) = d_column;
		}
		UNROLLED
		for (int r = 0; r < GROUP; r++)
			*(Vector *) (d_rows + r * padded + j) = sum[r];
	}
}

/*
 * The columns from j on, as many as "vectors" registers hold, of
 *		out (n) = scale · start (n) + Σ_k value[k] · row index[k] of b;
 * start may be NULL.  index[k + GAE_PREFETCH_ENTRIES] is known for k < ahead.
 */
VECTOR_TARGET GAE_INLINE void
KERNEL(sum_columns) (int64_t count, const int32_t *index, const GaeReal *value,
					 int64_t ahead, int64_t stride, const GaeReal *b, const int vectors, int64_t j,
					 GaeReal scale, const GaeReal *start, GaeReal *out)
{
	Vector		sum[4] = {{0}};

	if (start != NULL)
	{
		UNROLLED
		for (int v = 0; v < vectors; v++)
			sum[v] = scale * *(const Vector *) (start + j + v * LANES);
	}
	for (int64_t k = 0; k < count; k++)
	{
		const GaeReal *row = b + index[k] * stride + j;

		if (k < ahead)
		{
			const GaeReal *next = b + index[k + GAE_PREFETCH_ENTRIES] * stride + j;

			UNROLLED
			for (int v = 0; v < vectors; v++)
				__builtin_prefetch(next + v * LANES);
		}
		UNROLLED
		for (int v = 0; v < vectors; v++)
			sum[v] += value[k] * *(const Vector *) (row + v * LANES);
	}
	UNROLLED
	for (int v = 0; v < vectors; v++)
		*(Vector *) (out + j + v * LANES) = sum[v];
}

/* All n columns of it. */
VECTOR_TARGET GAE_INLINE void
KERNEL(sum_rows) (int64_t count, const int32_t *index, const GaeReal *value, int64_t ahead,
				  int64_t n, int64_t stride, const GaeReal *b,
				  GaeReal scale, const GaeReal *start, GaeReal *out)
{
	int64_t		j = 0;

	for (; j + 4 * LANES <= n; j += 4 * LANES)
		KERNEL(sum_columns) (count, index, value, ahead, stride, b, 4, j, scale, start, out);
	if (j + 2 * LANES <= n)
	{
		KERNEL(sum_columns) (count, index, value, ahead, stride, b, 2, j, scale, start, out);
		j += 2 * LANES;
	}
	if (j + LANES <= n)
	{
		KERNEL(sum_columns) (count, index, value, ahead, stride, b, 1, j, scale, start, out);
		j += LANES;
	}
	for (; j < n; j++)
	{
		GaeReal		sum = start != NULL ? scale * start[j] : 0;

		for (int64_t k = 0; k < count; k++)
		{
			sum += value[k] * b[index[k] * stride + j];
			KEEP_SCALAR(k);
		}
		out[j] = sum;
	}
}

VECTOR_TARGET static void
KERNEL(add_rows) (int64_t count, int64_t known, const int32_t *index, const GaeReal *value,
				  int64_t n, int64_t stride, const GaeReal *b, GaeReal *out)
{
	KERNEL(sum_rows) (count, index, value, known - GAE_PREFETCH_ENTRIES, n, stride, b, 1, out, out);
}

VECTOR_TARGET static void
KERNEL(multiply_csr) (int64_t first, int64_t end, const int64_t *offset, const int32_t *index,
					  const GaeReal *value, const GaeReal *diagonal, int64_t n,
					  const GaeReal *b, GaeReal *out)
{
	int64_t		ahead = offset[end] - GAE_PREFETCH_ENTRIES;

	for (int64_t i = first; i < end; i++)
	{
		int64_t		k = offset[i];
		int64_t		count = offset[i + 1] - k;

		if (diagonal != NULL)
			KERNEL(sum_rows) (count, index + k, value + k, ahead - k, n, n, b,
							  diagonal[i], b + i * n, out + i * n);
		else
			KERNEL(sum_rows) (count, index + k, value + k, ahead - k, n, n, b,
							  0, NULL, out + i * n);
	}
}

VECTOR_TARGET static void
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
		{
			rest += own[j] * row[j];
			KEEP_SCALAR(j);
		}
		memcpy(lane, &sum, sizeof(lane));
		UNROLLED
		for (int64_t half = LANES / 2; half > 0; half /= 2)
			for (int64_t l = 0; l < half; l++)
				lane[l] += lane[l + half];
		x[k] = lane[0] + rest;
	}
}

/* The rows of excess (TILE_ROWS x TILE_COLUMNS) with a number whose sign bit is not set. */
VECTOR_TARGET GAE_INLINE unsigned
KERNEL(rows_with_excess) (const GaeReal *excess)
{
	unsigned	rows = 0;

	for (int r = 0; r < GAE_TILE_ROWS; r++)
	{
		Bits		all = (Bits) *(const Vector *) (excess + r * GAE_TILE_COLUMNS);
		RealBits	none_in_row = -1;

		for (int j = LANES; j < GAE_TILE_COLUMNS; j += LANES)
			all &= (Bits) *(const Vector *) (excess + r * GAE_TILE_COLUMNS + j);
		for (int l = 0; l < LANES; l++)
			none_in_row &= all[l];
		if (none_in_row >= 0)
			rows |= 1U << r;
	}
	return rows;
}

VECTOR_TARGET static unsigned
KERNEL(tile_product) (int64_t width, const GaeReal *a, const GaeReal *b, const GaeReal *bound,
					  GaeReal *excess)
{
	RealBits	none = -1;		/* its sign bit: no excess yet is without a sign */

	for (int i = 0; i < GAE_TILE_ROWS; i += GROUP)
	{
		for (int j = 0; j < GAE_TILE_COLUMNS; j += 2 * LANES)
		{
			Vector		sum[GROUP][2];
			Bits		all;

			/* x - 0 is x in every lane. */
			UNROLLED
			for (int r = 0; r < GROUP; r++)
				sum[r][0] = sum[r][1] = -bound[i + r] - (Vector) {0};
			for (int64_t k = 0; k < width; k++)
			{
				const GaeReal *column = b + k * GAE_TILE_COLUMNS + j;
				Vector		first = *(const Vector *) column;
				Vector		second = *(const Vector *) (column + LANES);

				UNROLLED
				for (int r = 0; r < GROUP; r++)
				{
					sum[r][0] += a[k * GAE_TILE_ROWS + i + r] * first;
					sum[r][1] += a[k * GAE_TILE_ROWS + i + r] * second;
				}
			}

			/* The conjunction of all numbers has a sign bit if every number has. */
			all = (Bits) sum[0][0] & (Bits) sum[0][1];
			UNROLLED
			for (int r = 0; r < GROUP; r++)
			{
				GaeReal    *to = excess + (i + r) * GAE_TILE_COLUMNS + j;

				all &= (Bits) sum[r][0] & (Bits) sum[r][1];
				*(Vector *) to = sum[r][0];
				*(Vector *) (to + LANES) = sum[r][1];
			}
			for (int l = 0; l < LANES; l++)
				none &= all[l];
		}
	}
	return none < 0 ? 0 : KERNEL(rows_with_excess) (excess);
}

static const GaeVectorKernels KERNEL(kernels) = {
	.group = GROUP,
	.scores = KERNEL(scores),
	.fold = KERNEL(fold),
	.fold_both = KERNEL(fold_both),
	.add_rows = KERNEL(add_rows),
	.multiply_csr = KERNEL(multiply_csr),
	.dot_rows = KERNEL(dot_rows),
	.tile_product = KERNEL(tile_product)
};

#undef Vector
#undef Bits
#undef LANES
#undef KERNEL
#undef VECTOR_TARGET
#undef VECTOR_BYTES
#undef GROUP
