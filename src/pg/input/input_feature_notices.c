/*
 * input_feature_notices.c
 *		What is said about features that may not be what was meant.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "pg/input/input_arrays.h"
#include "pg/input/input_feature_notices.h"

/* Texts like these, in all rows, are a coincidence if there is but one of them. */
#define ARRAYS_OF_TEXT 2

/* Is the text one of numbers in these brackets, as arrays and pgvector's vectors are written? */
static bool
is_array_text(const char *written, char opening, char closing)
{
	Size		length = strlen(written);
	bool		has_digit = false;

	if (length < 2 || written[0] != opening || written[length - 1] != closing)
		return false;
	for (Size i = 1; i < length - 1; i++)
	{
		has_digit |= written[i] >= '0' && written[i] <= '9';
		if (strchr("0123456789+-.eE, ", written[i]) == NULL)
			return false;
	}
	return has_digit;
}

void
vgae_tell_arrays_of_text(const VgaeInputColumn *column, const VgaeKeys *categories)
{
	bool		braces = true;
	bool		brackets = true;

	if (categories->count < ARRAYS_OF_TEXT)
		return;
	for (int32 i = 0; i < categories->count && (braces || brackets); i++)
	{
		char	   *category = TextDatumGetCString(vgae_key_datum(categories, i));

		braces &= is_array_text(category, '{', '}');
		brackets &= is_array_text(category, '[', ']');
		pfree(category);
	}
	if (braces || brackets)
		ereport(NOTICE,
				(errmsg("%s is read as categories, although it looks like arrays",
						vgae_column_label(column)),
				 errdetail("It has type text, and %d different values, each of which becomes a feature.",
						   categories->count),
				 braces ?
				 errhint("To read arrays, cast it in a query, as in \"%s\"::real[].", column->name) :
				 errhint("To read arrays, cast it in a query, as in translate(\"%s\", '[]', '{}')::real[].",
						 column->name)));
}

/* How many of the features first … first + count - 1 are constant; *one is the first of these. */
static int64
count_constant(const GaeScaler *scaler, int64 first, int64 count, int64 *one)
{
	int64		constant = 0;

	for (int64 j = count - 1; j >= 0; j--)
	{
		if (j % VGAE_POLL_ROWS == 0)
			CHECK_FOR_INTERRUPTS();
		if (scaler->scaling[first + j] != GAE_SCALING_CONSTANT)
			continue;
		constant++;
		*one = j;
	}
	return constant;
}

void
vgae_warn_constant_column(const VgaeFeatureColumn *column, int64 rows, int64 first,
						  const GaeScaler *scaler)
{
	int64		one;
	int64		constant = count_constant(scaler, first, column->width, &one);

	if (column->nulls == rows)
		ereport(WARNING,
				(errmsg("%s is null in every row and was left out",
						vgae_column_label(&column->input))));
	else if (constant > 0 && constant == column->width)
		ereport(WARNING,
				(errmsg("%s is constant and was left out", vgae_column_label(&column->input)),
				 column->nulls == 0 ?
				 errdetail("Every row to train on has the same value.") :
				 errdetail("Every row to train on has the same value, or null.")));
	else if (constant > 0)
		ereport(WARNING,
				(errmsg_plural("%lld of %d elements of %s is constant and was left out",
							   "%lld of %d elements of %s are constant and were left out",
							   (unsigned long) constant, (long long) constant, column->width,
							   vgae_column_label(&column->input)),
				 errdetail("The first is element %lld.", (long long) one + 1)));
}

void
vgae_warn_constant_features(const VgaeKeys *features, int64 first, const GaeScaler *scaler)
{
	int64		one;
	int64		constant = count_constant(scaler, first, features->count, &one);

	if (constant > 0)
		ereport(WARNING,
				(errmsg_plural("%lld feature of argument \"%s\" is constant and was left out",
							   "%lld features of argument \"%s\" are constant and were left out",
							   (unsigned long) constant, (long long) constant, "features"),
				 errdetail("The first is %s.", vgae_key_display(features, (int32) one))));
}
