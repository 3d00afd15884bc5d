/*
 * model_store.c
 *		A model stored in a user's table: the only place that writes to one.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

#include "pg/input/query_input.h"
#include "pg/model/model_store.h"

typedef struct Column
{
	const char *name;
	Oid			type;			/* of what is stored */
	AclMode		rights;
} Column;

/* ON CONFLICT (name) takes the right to read that column. */
static const Column columns[] = {
	{"name", TEXTOID, ACL_INSERT | ACL_SELECT},
	{"model", BYTEAOID, ACL_INSERT | ACL_UPDATE},
	{"trained_at", TIMESTAMPTZOID, ACL_INSERT | ACL_UPDATE},
};

#define NAME_COLUMN columns[0].name
#define MODEL_COLUMN columns[1].name

#define TABLE_HINT "Make it as in: CREATE TABLE models (name text PRIMARY KEY, model bytea, trained_at timestamptz)."

static bool
is_our_column(const char *name)
{
	for (int i = 0; i < (int) lengthof(columns); i++)
		if (strcmp(name, columns[i].name) == 0)
			return true;
	return false;
}

/* Can the value be stored?  It is cast as INSERT does; but a model must not become a text. */
static bool
takes_type(Oid type, const Column *column)
{
	if (column->type == BYTEAOID)
		return getBaseType(type) == BYTEAOID;
	return can_coerce_type(1, &column->type, &type, COERCION_ASSIGNMENT);
}

static void
require_columns(Relation table)
{
	Oid			oid = RelationGetRelid(table);

	for (int i = 0; i < (int) lengthof(columns); i++)
	{
		const Column *column = &columns[i];
		AttrNumber	number = get_attnum(oid, column->name);

		if (number == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\" to store a model in",
							RelationGetRelationName(table), column->name),
					 errhint(TABLE_HINT)));
		if (!takes_type(get_atttype(oid, number), column))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of table \"%s\" must be of type %s",
							column->name, RelationGetRelationName(table),
							format_type_be(column->type)),
					 errdetail("Its type is %s.", format_type_be(get_atttype(oid, number))),
					 errhint(TABLE_HINT)));
	}
}

/* Does the current user have the right to the column, or to all columns? */
static bool
has_right(Relation table, const char *column, AclMode right)
{
	Oid			oid = RelationGetRelid(table);

	return pg_class_aclcheck(oid, GetUserId(), right) == ACLCHECK_OK ||
		pg_attribute_aclcheck(oid, get_attnum(oid, column), GetUserId(), right) == ACLCHECK_OK;
}

static void
refuse_rights(Relation table, const char *detail, const char *rights)
{
	const char *name = RelationGetRelationName(table);

	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied for table %s", name),
			 errdetail("%s", detail),
			 errhint("GRANT %s ON %s TO %s.", rights, quote_identifier(name),
					 quote_identifier(GetUserNameFromId(GetUserId(), false)))));
}

/* Check the rights that the executor will check, before the training. */
static void
require_rights(Relation table)
{
	static const AclMode rights[] = {ACL_INSERT, ACL_UPDATE, ACL_SELECT};

	for (int i = 0; i < (int) lengthof(columns); i++)
		for (int j = 0; j < (int) lengthof(rights); j++)
			if ((columns[i].rights & rights[j]) != 0 &&
				!has_right(table, columns[i].name, rights[j]))
				refuse_rights(table,
							  "To store a model takes the rights to insert name, model and trained_at, to update model and trained_at, and to select name.",
							  "INSERT, UPDATE, SELECT (name)");
}

static void
add_argument_context(void *argument)
{
	errcontext("vgae argument \"%s\"", (const char *) argument);
}

/*
 * The name as a value of the column: cast as INSERT does, with an error if the column does
 * not take it.
 */
static Datum
name_value(Relation table, text *name, const char *argument)
{
	AttrNumber	number = get_attnum(RelationGetRelid(table), NAME_COLUMN);
	Form_pg_attribute column = TupleDescAttr(RelationGetDescr(table), number - 1);
	Const	   *value = makeConst(TEXTOID, -1, column->attcollation, -1, PointerGetDatum(name),
								  false, false);
	Node	   *cast = coerce_to_target_type(NULL, (Node *) value, TEXTOID, column->atttypid,
											 column->atttypmod, COERCION_ASSIGNMENT,
											 COERCE_IMPLICIT_CAST, -1);
	ErrorContextCallback callback = {
		.previous = error_context_stack,
		.callback = add_argument_context,
		.arg = unconstify(char *, argument),
	};
	Expr	   *result;

	error_context_stack = &callback;
	result = evaluate_expr((Expr *) cast, column->atttypid, column->atttypmod,
						   column->attcollation);
	error_context_stack = callback.previous;
	return castNode(Const, result)->constvalue;
}

/*
 * No other column may need a value, for we give none; unless a trigger runs before the
 * row is inserted, and may fill it in.
 */
static void
require_no_other_value(Relation table)
{
	TupleDesc	row = RelationGetDescr(table);

	if (table->trigdesc != NULL && table->trigdesc->trig_insert_before_row)
		return;
	for (int i = 0; i < row->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(row, i);

		if (!column->attisdropped && column->attnotnull &&
			!is_our_column(NameStr(column->attname)) &&
			build_column_default(table, column->attnum) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("table \"%s\" has a column \"%s\" that must not be NULL",
							RelationGetRelationName(table), NameStr(column->attname)),
					 errdetail("vgae_train_into gives values to name, model and trained_at only."),
					 errhint("Give the column a default.")));
	}
}

/* Is this an index that ON CONFLICT (name) infers? */
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

/* The rewriter itself refuses some rules; but DO INSTEAD NOTHING would lose the model. */
static void
require_no_rules(Relation table)
{
	if (table->rd_rules != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" has rules", RelationGetRelationName(table)),
				 errdetail("A model is stored by INSERT ... ON CONFLICT, which does not go with them."),
				 errhint(TABLE_HINT)));
}

/* The table, locked as an INSERT does, until the end of the transaction; or NULL. */
static Relation
lock_table(Oid oid)
{
	return try_relation_open(oid, RowExclusiveLock);
}

/* The table's name for a query. */
static const char *
qualified_name(Relation table)
{
	return quote_qualified_identifier(get_namespace_name(RelationGetNamespace(table)),
									  RelationGetRelationName(table));
}

/*
 * Run the statement that stores, after a prefix; returns the number of rows.  It does
 * not say EXCLUDED, for which the user would need the right to read the columns.
 */
static uint64
execute_upsert(const char *prefix, Relation table, text *name, bytea *model)
{
	Oid			types[2] = {TEXTOID, BYTEAOID};
	Datum		values[2] = {PointerGetDatum(name), PointerGetDatum(model)};
	StringInfoData query;
	uint64		rows;

	initStringInfo(&query);
	appendStringInfo(&query,
					 "%sINSERT INTO %s (name, model, trained_at) VALUES ($1, $2, pg_catalog.clock_timestamp())"
					 " ON CONFLICT (name) DO UPDATE SET model = $2, trained_at = pg_catalog.clock_timestamp()",
					 prefix, qualified_name(table));
	rows = vgae_statement_run(query.data, 2, types, values);
	pfree(query.data);
	return rows;
}

/*
 * EXPLAIN the statement, to find what else it may run into before it writes: generated
 * columns, privileges of the schema.  The user has never seen the statement, and so the
 * error does not show it.
 */
static void
explain_upsert(Relation table, text *name)
{
	MemoryContext caller = CurrentMemoryContext;

	PG_TRY();
	{
		execute_upsert("EXPLAIN ", table, name, (bytea *) cstring_to_text(""));
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		error->context = pstrdup("vgae argument \"target\"");
		error->cursorpos = error->internalpos = 0;
		error->internalquery = NULL;
		ReThrowError(error);
	}
	PG_END_TRY();
}

void
vgae_model_store_check(Oid oid, text *name)
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
	require_no_rules(table);
	require_key(table);
	require_no_other_value(table);
	require_rights(table);
	(void) name_value(table, name, "name");
	explain_upsert(table, name);
	relation_close(table, NoLock);
}

struct varlena *
vgae_model_stored(Oid oid, text *name)
{
	static const char *const argument = "warm_start_from";
	Relation	table = relation_open(oid, NoLock); /* vgae_model_store_check has locked it */
	Oid			type = get_atttype(oid, get_attnum(oid, NAME_COLUMN));
	bool		partitioned = table->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
	struct varlena *model;
	Datum		value;
	bool		found;

	if (!has_right(table, MODEL_COLUMN, ACL_SELECT))
		refuse_rights(table, "To start from a model that is stored there takes the right to select it.",
					  "SELECT (model)");
	value = name_value(table, name, argument);

	/* ONLY, as the key is unique in the table, but not among tables that inherit from it. */
	found = vgae_bytea_fetch(psprintf("SELECT model FROM %s%s WHERE name = $1",
									  partitioned ? "" : "ONLY ", qualified_name(table)),
							 1, &type, &value, &model);
	if (model == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there is no model \"%s\" to start from", text_to_cstring(name)),
				 found ? errdetail("In its row of table \"%s\" the model is null.",
								   RelationGetRelationName(table)) :
				 errdetail("Table \"%s\" has no row of that name that you may see.",
						   RelationGetRelationName(table)),
				 errhint("Name a row that has a model, or leave out argument \"%s\": a first training has nothing to start from.", argument)));
	relation_close(table, NoLock);
	return model;
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
				 errdetail("The model is lost."),
				 errhint("Train again, into a table that stays.")));

	/* These may have changed, too. */
	require_columns(table);
	require_no_rules(table);
	if (execute_upsert("", table, name, model) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_TRIGGERED_ACTION_EXCEPTION),
				 errmsg("table \"%s\" did not take model \"%s\"",
						RelationGetRelationName(table), text_to_cstring(name)),
				 errdetail("A trigger of the table kept the row from being written.  The model is lost."),
				 errhint("Let the table's BEFORE triggers return the row.")));
	relation_close(table, NoLock);
	PopActiveSnapshot();
}
