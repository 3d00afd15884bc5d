/*
 * model_store.c
 *		Storing a model in a user's table: the only place that writes to one.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

#include "model_store.h"

static const char *const columns[] = {"name", "model", "trained_at"};

#define NAME_COLUMN columns[0]
#define MODEL_COLUMN columns[1]

#define TABLE_HINT "Make it as in: CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz)."

static bool
is_our_column(const char *name)
{
	for (int i = 0; i < (int) lengthof(columns); i++)
		if (strcmp(name, columns[i]) == 0)
			return true;
	return false;
}

/* Values of other types than these columns have are cast; but a text would take a bytea's. */
static void
require_columns(Relation table)
{
	Oid			oid = RelationGetRelid(table);
	Oid			type;

	for (int i = 0; i < (int) lengthof(columns); i++)
		if (get_attnum(oid, columns[i]) == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\" to store a model in",
							RelationGetRelationName(table), columns[i]),
					 errhint(TABLE_HINT)));
	type = get_atttype(oid, get_attnum(oid, MODEL_COLUMN));
	if (getBaseType(type) != BYTEAOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" of table \"%s\" must be of type bytea",
						MODEL_COLUMN, RelationGetRelationName(table)),
				 errdetail("Its type is %s.", format_type_be(type)),
				 errhint(TABLE_HINT)));
}

/* A row of ours alone must be one that the table takes, unless a trigger fills it in. */
static void
require_no_other_value(Relation table)
{
	TupleDesc	row = RelationGetDescr(table);

	if (table->trigdesc != NULL && table->trigdesc->trig_insert_before_row)
		return;
	for (int i = 0; i < row->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(row, i);

		if (!column->attisdropped && column->attnotnull && !column->atthasdef &&
			column->attidentity == '\0' && !is_our_column(NameStr(column->attname)))
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("table \"%s\" has a column \"%s\" that must not be NULL",
							RelationGetRelationName(table), NameStr(column->attname)),
					 errdetail("vgae_train_into gives values to name, model and trained_at only."),
					 errhint("Give the column a default.")));
	}
}

/* Can it be inferred from ON CONFLICT (name)? */
static bool
is_key(Relation index, AttrNumber name)
{
	Form_pg_index form = index->rd_index;

	return form->indisunique && form->indisvalid && form->indimmediate &&
		form->indnkeyatts == 1 && form->indkey.values[0] == name &&
		RelationGetIndexPredicate(index) == NIL;
}

static void
require_key(Relation table)
{
	AttrNumber	name = get_attnum(RelationGetRelid(table), NAME_COLUMN);
	List	   *indexes = RelationGetIndexList(table);
	bool		found = false;
	ListCell   *lc;

	foreach(lc, indexes)
	{
		Relation	index = index_open(lfirst_oid(lc), AccessShareLock);

		found |= is_key(index, name);
		index_close(index, NoLock);
	}
	if (!found)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
				 errmsg("table \"%s\" has no unique key on column \"%s\"",
						RelationGetRelationName(table), NAME_COLUMN),
				 errhint(TABLE_HINT)));
}

/* The table, locked as an INSERT does, until the end of the transaction; or NULL. */
static Relation
lock_table(Oid oid)
{
	return try_relation_open(oid, RowExclusiveLock);
}

/*
 * The statement, perhaps after a prefix, with the name and the model as $1 and $2.
 * To say EXCLUDED would take the right to read the columns.
 */
static void
execute_upsert(const char *prefix, Relation table, Datum name, Datum model)
{
	Oid			types[2] = {TEXTOID, BYTEAOID};
	Datum		values[2] = {name, model};
	StringInfoData query;
	int			result;

	initStringInfo(&query);
	appendStringInfo(&query,
					 "%sINSERT INTO %s (name, model, trained_at) VALUES ($1, $2, pg_catalog.clock_timestamp())"
					 " ON CONFLICT (name) DO UPDATE SET model = $2, trained_at = pg_catalog.clock_timestamp()",
					 prefix,
					 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
												RelationGetRelationName(table)));
	SPI_connect();
	result = SPI_execute_with_args(query.data, 2, types, values, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_with_args failed: %s", SPI_result_code_string(result));
	SPI_finish();
	pfree(query.data);
}

void
vgae_model_store_check(Oid oid)
{
	Relation	table = lock_table(oid);

	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("argument \"target\" is no relation"),
				 errdetail("There is none with OID %u.", oid),
				 errhint("Give the name of a table.")));
	if (table->rd_rel->relkind != RELKIND_RELATION &&
		table->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table", RelationGetRelationName(table)),
				 errhint("Give the name of a table.")));
	require_columns(table);
	require_key(table);
	require_no_other_value(table);

	/* EXPLAIN checks the types and the privileges, and writes nothing. */
	execute_upsert("EXPLAIN ", table, PointerGetDatum(cstring_to_text("")),
				   PointerGetDatum(cstring_to_text("")));
	relation_close(table, NoLock);
}

void
vgae_model_store(Oid oid, text *name, bytea *model)
{
	Relation	table;

	PushActiveSnapshot(GetTransactionSnapshot());
	table = lock_table(oid);
	if (table == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table for model \"%s\" was dropped during the training",
						text_to_cstring(name)),
				 errdetail("The model is lost.")));
	execute_upsert("", table, PointerGetDatum(name), PointerGetDatum(model));
	relation_close(table, NoLock);
	PopActiveSnapshot();
}
