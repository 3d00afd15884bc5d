/*
 * tile_kernel.h
 *		The body of one version of a GaeTileProduct; see tile.c, which defines
 *		before each inclusion:
 *
 *		TILE_NAME			the function
 *		TILE_TARGET			its instruction set, an attribute (or nothing)
 *		TILE_VECTOR_BYTES	the size of a vector register
 *		TILE_REGISTER_ROWS	rows that are summed at once, two registers each
 *
 * It is a template rather than a function that is compiled for several targets
 * as it is, because the number and the size of the registers decide how much of
 * the tile is kept in them at once.
 */
TILE_TARGET static unsigned
TILE_NAME(int64_t width, const GaeReal *restrict a, const GaeReal *restrict b,
		  const GaeReal *restrict bound, GaeReal *restrict excess)
{
	/* Of the alignment that the type has anywhere: memory may give no better. */
	typedef GaeReal Vector __attribute__((vector_size(TILE_VECTOR_BYTES), may_alias,
										  aligned(sizeof(GaeReal))));
	typedef TileBits Bits __attribute__((vector_size(TILE_VECTOR_BYTES)));
	const int	lanes = TILE_VECTOR_BYTES / (int) sizeof(GaeReal);
	unsigned	rows = 0;
	TileBits	none = -1;

	for (int i = 0; i < GAE_TILE_ROWS; i += TILE_REGISTER_ROWS)
	{
		for (int j = 0; j < GAE_TILE_COLUMNS; j += 2 * lanes)
		{
			Vector		left[TILE_REGISTER_ROWS];
			Vector		right[TILE_REGISTER_ROWS];
			Bits		all;

			/* x - 0 is x in every lane. */
			TILE_UNROLL
			for (int r = 0; r < TILE_REGISTER_ROWS; r++)
				left[r] = right[r] = -bound[i + r] - (Vector) {0};
			for (int64_t k = 0; k < width; k++)
			{
				const GaeReal *column = b + k * GAE_TILE_COLUMNS + j;
				Vector		b_left = *(const Vector *) column;
				Vector		b_right = *(const Vector *) (column + lanes);

				TILE_UNROLL
				for (int r = 0; r < TILE_REGISTER_ROWS; r++)
				{
					Vector		x = a[k * GAE_TILE_ROWS + i + r] - (Vector) {0};

					left[r] += x * b_left;
					right[r] += x * b_right;
				}
			}

			/* A sign bit in every number is a sign bit in the conjunction of all. */
			all = (Bits) left[0] & (Bits) right[0];
			TILE_UNROLL
			for (int r = 0; r < TILE_REGISTER_ROWS; r++)
			{
				GaeReal    *to = excess + (i + r) * GAE_TILE_COLUMNS + j;

				all &= (Bits) left[r] & (Bits) right[r];
				*(Vector *) to = left[r];
				*(Vector *) (to + lanes) = right[r];
			}
			for (int l = 0; l < lanes; l++)
				none &= all[l];
		}
	}
	if (none < 0)
		return 0;

	for (int r = 0; r < GAE_TILE_ROWS; r++)
	{
		Bits		all = (Bits) *(const Vector *) (excess + r * GAE_TILE_COLUMNS);
		TileBits	none_in_row = -1;

		for (int j = lanes; j < GAE_TILE_COLUMNS; j += lanes)
			all &= (Bits) *(const Vector *) (excess + r * GAE_TILE_COLUMNS + j);
		for (int l = 0; l < lanes; l++)
			none_in_row &= all[l];
		if (none_in_row >= 0)
			rows |= 1U << r;
	}
	return rows;
}

#undef TILE_NAME
#undef TILE_TARGET
#undef TILE_VECTOR_BYTES
#undef TILE_REGISTER_ROWS
