/*
 * result.c
 *		Rows and arrays that functions return.
 */
#include "postgres.h"

#include "pg/base/result.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "pg/base/compat.h"

struct VgaeResult
{
	Tuplestorestate *rows;
	TupleDesc	columns;
	MemoryContext row;			/* the values of the row being formed */
};

VgaeResult *
vgae_result_begin(FunctionCallInfo fcinfo)
{
	VgaeResult *result = palloc(sizeof(VgaeResult));
	ReturnSetInfo *info;

	/*
	 * The caller knows the columns.  Looking them up in the catalog would leave
	 * some memory behind until the end of the query, at every call of a LATERAL
	 * join.
	 */
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	info = (ReturnSetInfo *) fcinfo->resultinfo;
	result->rows = info->setResult;
	result->columns = info->setDesc;
	result->row = AllocSetContextCreate(CurrentMemoryContext, "vgae result row",
										ALLOCSET_SMALL_SIZES);
	return result;
}

MemoryContext
vgae_result_memory(const VgaeResult *result)
{
	return result->row;
}

void
vgae_result_put(VgaeResult *result, const Datum *values, const bool *nulls)
{
	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->rows, result->columns, unconstify(Datum *, values),
						 unconstify(bool *, nulls));
	MemoryContextReset(result->row);
}

Datum
vgae_real_array_of(int64 count, GaeReal **values)
{
	Size		header = ARR_OVERHEAD_NONULLS(1);
	ArrayType  *array;

	if (count > (MaxAllocSize - header) / sizeof(float4))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array would be too large"),
				 errdetail("It would have %lld elements.", (long long) count)));
	array = palloc(header + count * sizeof(float4));
	SET_VARSIZE(array, header + count * sizeof(float4));
	array->ndim = 1;
	array->dataoffset = 0;		/* no NULLs */
	array->elemtype = FLOAT4OID;
	ARR_DIMS(array)[0] = (int) count;
	ARR_LBOUND(array)[0] = 1;
	*values = (GaeReal *) ARR_DATA_PTR(array);
	return PointerGetDatum(array);
}

Datum
vgae_real_array(const GaeReal *values, int64 count)
{
	GaeReal    *elements;
	Datum		array;

	if (count == 0)
		return PointerGetDatum(construct_empty_array(FLOAT4OID));
	array = vgae_real_array_of(count, &elements);
	memcpy(elements, values, count * sizeof(GaeReal));
	return array;
}

Datum
vgae_float_or_null(double value, bool *isnull)
{
	*isnull = isnan(value);
	return *isnull ? (Datum) 0 : Float8GetDatum(value);
}
